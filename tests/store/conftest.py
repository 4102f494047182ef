"""A store of each kind that the SDK supports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from outboxes import Gatehouse

from instantreact_sdk.alerts.store import Store


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store can be made, of each kind."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open, empty store."""
    with Store.open(url) as opened:
        yield opened


@pytest.fixture
def gate(store) -> Gatehouse:
    return Gatehouse(store)
