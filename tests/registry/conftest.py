"""Fixtures of the registry's tests."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from instantreact_sdk.registry import discover


@pytest.fixture(scope="session")
def known_plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which whatever is really installed was probed already; tests are about the zoo."""
    home = tmp_path_factory.mktemp("known")
    assert discover(home=home).records
    return home


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
