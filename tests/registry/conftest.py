"""Fixtures of the registry's tests."""

from __future__ import annotations

import shutil
import sys

import pytest


@pytest.fixture
def zoo(tmp_path, monkeypatch, own_home, known_plugins):
    """A folder of the import path to settle animals in; what they leave in ``sys.modules`` goes with the test."""
    shutil.copytree(known_plugins, own_home, dirs_exist_ok=True)
    folder = tmp_path / "zoo"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and sys.modules[name].__file__.startswith(str(tmp_path)):
            del sys.modules[name]
