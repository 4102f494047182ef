"""Fixtures for this plugin's tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from needs import need

CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real videos: ``INSTANTREACT_DATA``, or ``../shared/data`` beside the checkout."""
    folder = Path(os.environ.get("INSTANTREACT_DATA", CHECKOUT.parent / "shared" / "data"))
    need(folder.is_dir(), f"there is no folder of real videos at {folder}; set INSTANTREACT_DATA")
    return folder
