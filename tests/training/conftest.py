"""Fixtures of the tests of training: the plugin of `colours`, and pictures for it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from colours import COLOURS, pictures
from zoo import settle


@pytest.fixture(autouse=True)
def taught(tmp_path, monkeypatch, own_home, known_plugins):
    """The folder in which the plugin is installed; what it leaves in ``sys.modules`` goes with the test."""
    shutil.copytree(known_plugins, own_home, dirs_exist_ok=True)
    folder = tmp_path / "installed"
    folder.mkdir()
    settle(folder, COLOURS)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.chdir(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.startswith("zoo_")]:
        del sys.modules[name]


@pytest.fixture
def data(tmp_path) -> Path:
    """Six pictures to learn from, two to choose by, three to measure on."""
    return pictures(tmp_path / "data", {"train": 6, "val": 2, "test": 3})
