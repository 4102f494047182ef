"""What the distribution says of itself."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from instantreact_apprise.hooks import instantreact_register
from instantreact_apprise.notifier import AppriseNotifier
from instantreact_apprise.options import AppriseOptions

from instantreact_sdk.config import loads

HERE = Path(__file__).resolve().parent.parent
README = (HERE / "README.md").read_text(encoding="utf-8")
FILES = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
URLS = dict(re.findall(r"export (\w+)='(.*?)'", README))


def test_importing_the_hooks_loads_nothing_heavy():
    code = "import instantreact_apprise.hooks, sys; print({'apprise', 'requests', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_distribution_declares_its_plugin_and_what_it_needs():
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"] == {"instantreact_sdk.v1": {"apprise": "instantreact_apprise.hooks"}}
    needed = {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}
    imported = set()
    for file in (HERE / "src" / "instantreact_apprise").glob("*.py"):
        imported |= set(re.findall(r"^\s*(?:import|from) (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))
    ours = {"instantreact_apprise", *sys.stdlib_module_names}
    assert {name.replace("_", "-") for name in imported - ours} == needed


def test_the_spec_names_what_is_there_and_what_leaves():
    [spec] = instantreact_register()
    assert spec.factory == f"{AppriseNotifier.__module__}:{AppriseNotifier.__name__}"
    assert spec.options == f"{AppriseOptions.__module__}:{AppriseOptions.__name__}"
    assert (spec.needs.network, spec.needs.hosts, spec.needs.sends) == (True, (), ("text", "snapshot", "clip"))
    assert (spec.needs.files, spec.needs.subprocess, spec.needs.downloads) == (False, False, False)


def test_the_readme_has_three_pipelines():
    assert len(FILES) == 3
    assert len(URLS) == 4


@pytest.mark.parametrize("text", FILES)
def test_each_pipeline_of_the_readme_is_right(text, monkeypatch):
    file = loads(text, "readme.yaml").file
    for name, url in URLS.items():
        monkeypatch.setenv(name, url)
    for notifier in file.notifiers.values():
        assert notifier.use == "apprise"
        assert AppriseOptions(**notifier.options).url.get_secret_value() in URLS.values()
    for routes in file.people.values():
        for route in routes:
            [(name, _)] = dict(route).items()
            url = AppriseOptions(**file.notifiers[name].options).url.get_secret_value()
            assert "{recipient}" in url


def test_the_readme_tells_every_option_and_its_default():
    for name, field in AppriseOptions.model_fields.items():
        assert field.description, name
        row = re.search(rf"^\| `{name}` \| (.*?) \|", README, re.MULTILINE)
        assert row, name
        if not field.is_required():
            assert row[1].strip("`") == f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
