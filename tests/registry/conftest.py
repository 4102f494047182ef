"""Fixtures of the registry's tests."""

from __future__ import annotations

import shutil
import sys

import pytest


@pytest.fixture(autouse=True)
def no_animals():
    """What animals leave in ``sys.modules`` goes with the test."""
    yield
    for name in [name for name in sys.modules if name.startswith("zoo_")]:
        del sys.modules[name]


@pytest.fixture
def zoo(tmp_path, monkeypatch, own_home, known_plugins):
    """A folder of the import path to settle animals in."""
    shutil.copytree(known_plugins, own_home, dirs_exist_ok=True)
    folder = tmp_path / "zoo"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder
