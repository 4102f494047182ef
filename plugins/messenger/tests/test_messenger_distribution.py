"""The package says what it needs, and its README is right."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from instantreact_messenger.commands import app
from instantreact_messenger.hooks import instantreact_register
from instantreact_messenger.notifier import Messenger
from instantreact_messenger.options import MessengerOptions
from instantreact_messenger.refusals import TABLE

from instantreact_sdk.config import loads

HERE = Path(__file__).resolve().parent.parent
README = (HERE / "README.md").read_text(encoding="utf-8")


def test_importing_the_hooks_loads_nothing_heavy():
    code = (
        "import instantreact_messenger.hooks, sys; print({'requests', 'urllib3', 'regex', 'typer'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_distribution_declares_its_plugin_and_what_it_needs():
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"] == {"instantreact_sdk.v1": {"messenger": "instantreact_messenger.hooks"}}
    needed = {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}
    imported = set()
    for file in (HERE / "src" / "instantreact_messenger").glob("*.py"):
        imported |= set(re.findall(r"^\s*(?:import|from) (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))
    third_party = {"pydantic": "instantreact-sdk"}
    ours = {"instantreact_messenger", *sys.stdlib_module_names}
    assert {third_party.get(name, name.replace("_", "-")) for name in imported - ours} == needed


def test_the_specs_name_what_is_there():
    notifier, command = instantreact_register()
    assert notifier.factory == f"{Messenger.__module__}:{Messenger.__name__}"
    assert notifier.options == f"{MessengerOptions.__module__}:{MessengerOptions.__name__}"
    assert notifier.needs.network
    assert notifier.needs.sends == ("text", "snapshot", "clip")
    assert notifier.needs.hosts == ("graph.facebook.com",)
    assert command.app == "instantreact_messenger.commands:app"
    assert {each.name or each.callback.__name__ for each in app.registered_commands} == {"subscribe", "check"}


def test_the_readme_holds_a_pipeline_file_that_is_right(monkeypatch):
    monkeypatch.setenv("PAGE_TOKEN", "a")
    monkeypatch.setenv("APP_SECRET", "b")
    [text] = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    file = loads(text, "readme.yaml").file
    assert MessengerOptions(**file.notifiers["messenger"].options).app_secret.get_secret_value() == "b"
    ways = [next(iter(step)) for step in file.people["anna"]]
    assert ways[0] == "messenger"
    assert len(ways) > 1  # nobody is told by this alone


def test_the_readme_tells_every_option_and_its_default():
    for name, field in MessengerOptions.model_fields.items():
        assert field.description, name
        row = re.search(rf"^\| `{name}` \| (.*?) \|", README, re.MULTILINE)
        assert row, name
        if not field.is_required() and field.default is not None:
            shown = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
            assert row[1].strip("`") == shown


@pytest.mark.parametrize("refusal", TABLE, ids=[refusal.name for refusal in TABLE])
def test_the_readme_tells_every_refusal(refusal):
    row = re.search(rf"^\| {re.escape(', '.join(refusal.codes))} \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    assert row, refusal.codes
    again = {None: "yes", 1: "no", 2: "once"}.get(refusal.attempts, f"{(refusal.attempts or 0) - 1} times")
    assert row[1] == refusal.what
    assert row[2] == again
