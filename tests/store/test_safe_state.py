"""What notifiers remember, while the store takes it and while it does not."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.alerts.state import SafeState
from instantreact_sdk.alerts.store import Store


class Failing(MutableMapping[str, Any]):
    """A component's state in a store that can be read, or not even that, or works."""

    def __init__(self, state: MutableMapping[str, Any]) -> None:
        self.state = state
        self.reads = self.writes = True
        self.tried = 0
        self.now = 0.0

    def _try(self, works: bool) -> MutableMapping[str, Any]:
        self.tried += 1
        if not works:
            raise InstantReactError("IR5006", url="store", problem="full")
        return self.state

    def __getitem__(self, key: str) -> Any:
        return self._try(self.reads)[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._try(self.writes)[key] = value

    def __delitem__(self, key: str) -> None:
        del self._try(self.writes)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._try(self.reads))

    def __len__(self) -> int:
        return len(self._try(self.reads))


@pytest.fixture
def lasting(tmp_path) -> Iterator[Failing]:
    with Store.open(f"sqlite:///{tmp_path}/store.db") as store:
        yield Failing(store.state("messenger"))


@pytest.fixture
def safe(lasting) -> SafeState:
    return SafeState(lambda: lasting, steady=lambda: lasting.now)


def test_it_is_lasting_where_the_store_works(safe, lasting):
    safe["window"] = 1
    assert lasting.state["window"] == safe["window"] == 1
    del safe["window"]
    assert "window" not in lasting.state
    with pytest.raises(KeyError):
        del safe["window"]


@pytest.mark.parametrize("reads", [True, False])
def test_what_the_store_does_not_take_is_remembered_and_given_to_it_later(safe, lasting, reads):
    lasting.state["old"] = 1
    lasting.reads, lasting.writes = reads, False
    safe["window"] = 5
    del safe["old"]
    assert (safe["window"], "old" in safe, [*safe]) == (5, False, ["window"])
    lasting.reads = lasting.writes = True
    lasting.now += 30
    assert safe["window"] == 5
    assert dict(lasting.state) == {"window": 5}


def test_the_next_change_takes_the_rest_with_it(safe, lasting):
    lasting.writes = False
    safe["window"] = 5
    lasting.writes = True
    safe["other"] = 6
    assert dict(lasting.state) == {"other": 6, "window": 5}


def test_what_another_process_has_changed_since_stays_and_is_seen(safe, lasting):
    lasting.state["window"] = 1
    lasting.writes = False
    safe["window"] = 5
    lasting.writes = True
    lasting.state["window"] = 7
    lasting.now += 30
    assert safe["window"] == lasting.state["window"] == 7
    lasting.state["window"] = 8
    assert safe["window"] == 8


def test_a_store_that_fails_is_not_asked_with_each_question(safe, lasting):
    lasting.reads = lasting.writes = False
    safe["window"] = 5
    tried = lasting.tried
    for _ in range(100):
        assert safe["window"] == 5
    assert lasting.tried == tried


def test_a_store_that_cannot_be_opened_does_no_harm():
    def closed() -> MutableMapping[str, Any]:
        raise InstantReactError("IR5006", url="store", problem="gone")

    safe = SafeState(closed)
    assert "window" not in safe
    safe["window"] = 1
    assert (safe["window"], len(safe)) == (1, 1)
    del safe["window"]
    assert len(safe) == 0
