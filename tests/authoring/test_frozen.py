"""Plugins that earlier releases made, with the SDK of today; `frozen/README.md` tells of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from instantreact_sdk.scaffolding import KINDS

FROZEN = Path(__file__).parent / "frozen"
PLUGINS = sorted(FROZEN.glob("*/*/"))
COMMAND = str(Path(sys.executable).with_name("instantreact-sdk"))


@pytest.fixture(params=PLUGINS, ids=lambda folder: "-".join(folder.parts[-2:]))
def plugin(request, tmp_path) -> Path:
    """A copy of its folder, with the plugin installed in ``site``."""
    folder = tmp_path / request.param.name
    shutil.copytree(request.param, folder)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run(build, cwd=folder, check=True, capture_output=True, timeout=120)
    (wheel,) = (folder / "dist").glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder


def ran(plugin: Path, *command: str) -> str:
    """What a command prints that finds the plugin installed; it has to succeed."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    env |= {"PYTHONPATH": str(plugin / "site"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=plugin, env=env, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_there_is_a_plugin_of_each_kind_and_one_of_all_in_every_release():
    releases = [folder for folder in FROZEN.iterdir() if folder.is_dir()]
    assert releases
    for release in releases:
        assert {folder.name for folder in release.iterdir()} == {*KINDS, "all-five"}


def test_a_frozen_plugin_still_offers_what_it_did(plugin):
    kinds = KINDS if plugin.name == "all-five" else (plugin.name,)
    records = json.loads(ran(plugin, COMMAND, "plugins", "list", "--json"))
    (record,) = [record for record in records if record["plugin"] == f"frozen-{plugin.name}"]
    assert (record["status"], record["warnings"]) == ("ok", [])
    assert [(offer["id"], offer["kind"], offer["cause"]) for offer in record["offers"]] == [
        (f"frozen-{plugin.name}/{kind}", kind, "") for kind in kinds
    ]


def test_a_frozen_plugin_still_passes_every_check(plugin):
    ran(plugin, COMMAND, "plugins", "check", f"frozen-{plugin.name}")


def test_a_frozen_plugin_still_passes_the_tests_that_came_with_it(plugin):
    """But those that make the checks, which were made above."""
    ran(plugin, sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "--deselect", "tests/test_conformance.py")
