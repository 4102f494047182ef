"""The example that opens each interface is a whole plugin, and its class works from a local file as well."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module

import pytest

from instantreact_sdk.registry import discover

FILES = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```', re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("kind", ["captioner", "detector", "notifier", "recognizer", "source"])
def test_the_example_is_a_plugin_in_good_order(kind, tmp_path, own_home, monkeypatch):
    files = dict(FILES.findall(import_module(f"instantreact_sdk.interfaces.{kind}").__doc__ or ""))
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    project = tomllib.loads(files["pyproject.toml"])["project"]
    [(plugin, hooks)] = project["entry-points"]["instantreact_sdk.v1"].items()
    info = tmp_path / "src" / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    (info / "entry_points.txt").write_text(f"[instantreact_sdk.v1]\n{plugin} = {hooks}\n")
    monkeypatch.syspath_prepend(tmp_path / "src")

    registry = discover()
    [record] = [record for record in registry.records if record.plugin == plugin]
    assert (record.status, record.warnings) == ("ok", ()), record
    [offer] = record.offers
    assert offer.kind == kind

    [(module, found)] = re.findall(r'factory="([\w.]+):(\w+)"', files[f"src/{hooks.replace('.', '/')}.py"])
    local = registry.resolve(kind, f"./src/{module.replace('.', '/')}.py:{found}", tmp_path)
    assert {*local.options_type().model_fields} == {*offer.options["properties"]}
