"""Fixtures for all tests."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from mutant_table import pytest_terminal_summary  # noqa: F401  (pytest finds it here)
from needs import need

ROOT = Path(__file__).resolve().parent


def pytest_configure() -> None:
    """Whoever starts tests behind a shell's ``&`` has them ignore Ctrl-C, and the programs that they try would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real videos: ``INSTANTREACT_DATA``, or ``../shared/data`` beside the checkout."""
    folder = Path(os.environ.get("INSTANTREACT_DATA", ROOT.parent / "shared" / "data"))
    need(folder.is_dir(), f"there is no folder of real videos at {folder}; set INSTANTREACT_DATA")
    return folder


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test has a home of its own, so that no cache or block list outlives it."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("INSTANTREACT_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test's pipeline files keep secret is no secret in the next test."""
    monkeypatch.setattr("instantreact_sdk.errors.hiding._hidden", ())


@pytest.fixture(scope="session")
def known_plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which whatever is really installed was probed already; tests are about the zoo."""
    from instantreact_sdk.registry import discover

    home = tmp_path_factory.mktemp("known")
    assert discover(home=home).records
    return home
