"""The directory of plugins says what their metadata say, all of it."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from instantreact_sdk.registry import Offer, Record, discover

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = ROOT / "website" / "generators" / "plugin_directory.py"


@pytest.fixture(scope="module")
def directory(tmp_path_factory, known_plugins):
    page = tmp_path_factory.mktemp("site") / "directory.md"
    env = {**os.environ, "INSTANTREACT_HOME": str(known_plugins)}
    subprocess.run([sys.executable, GENERATOR, page], env=env, check=True)
    return page.read_text()


def test_every_component_of_every_first_party_plugin_is_listed_with_its_options(directory, known_plugins):
    distributions = {
        "instantreact-sdk",
        *(f"instantreact-{path.parent.name}" for path in ROOT.glob("plugins/*/pyproject.toml")),
    }
    records = [record for record in discover(home=known_plugins).records if record.distribution in distributions]
    assert {record.distribution for record in records} == distributions
    for record in records:
        for offer in record.offers:
            assert f"| {offer.kind} | `{offer.id}` | {offer.summary} |" in directory
            if record.distribution != "instantreact-sdk":
                for option in offer.options.get("properties", ()):
                    assert f"| `{option}` |" in directory.partition(f"### {offer.kind} `{offer.id}`")[2]


def test_defaults_stand_as_a_pipeline_file_writes_them():
    plain = {name: {"default": default} for name, default in {"a": None, "b": True, "c": "auto", "d": "x|y"}.items()}
    offer = Offer("spot/spot", "detector", "Spots.", options={"properties": {**plain, "made": {}}})
    records = [
        Record("spot", "instantreact-spot", "1", "ok", offers=(offer,)),
        Record("sdk", "instantreact-sdk", "1", "ok"),
    ]
    page = runpy.run_path(str(GENERATOR))["page"]([{"name": "instantreact-spot", "description": "Spots."}], records)
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert rows == [
        "| `a` | `null` |  |",
        "| `b` | `true` |  |",
        '| `c` | `"auto"` |  |',
        '| `d` | `"x\\|y"` |  |',
        "| `made` |  |  |",
    ]


def test_it_tells_how_to_install_each(directory):
    for project in ROOT.glob("plugins/*/pyproject.toml"):
        assert f"instantreact-sdk plugins install instantreact-{project.parent.name}\n" in directory
