"""What components remember between runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, func, select

from instantreact_sdk.alerts.database import explained
from instantreact_sdk.alerts.tables import component_state
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.errors import InstantReactError

_C = component_state.c
_PAUSE = 30.0  # seconds
_NOTHING = object()
_UNKNOWN = object()


class ComponentState(MutableMapping[str, Any]):
    """`Context.state` of one component: each change is written at once.

    Args:
        engine: The store's.
        component: Name of the component.
    """

    def __init__(self, engine: Engine, component: str) -> None:
        self._engine = engine
        self._component = component

    def __getitem__(self, key: str) -> Any:
        query = select(_C.value).where(_C.component == self._component, _C.key == key)
        with explained(self._engine.url), self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise KeyError(key)
        return row[0]

    def __setitem__(self, key: str, value: Any) -> None:
        row = {"component": self._component, "key": key, "value": value}
        with explained(self._engine.url), self._engine.begin() as connection:
            connection.execute(upsert(self._engine, component_state, ["component", "key"], ["value"]), row)

    def __delitem__(self, key: str) -> None:
        query = delete(component_state).where(_C.component == self._component, _C.key == key)
        with explained(self._engine.url), self._engine.begin() as connection:
            gone = connection.execute(query).rowcount
        if not gone:
            raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        query = select(_C.key).where(_C.component == self._component).order_by(_C.key)
        with explained(self._engine.url), self._engine.connect() as connection:
            return iter(connection.scalars(query).all())

    def __len__(self) -> int:
        query = select(func.count()).where(_C.component == self._component)
        with explained(self._engine.url), self._engine.connect() as connection:
            return connection.scalar(query) or 0


class SafeState(MutableMapping[str, Any]):
    """The same for a notifier: what a store that fails does not keep is kept in memory, so that no alert is taken for lost by it.

    Once the store works again, it gets what it missed, but for what another process has changed there since.

    Args:
        open_state: Opens the lasting one; asked again as long as it raises.
        steady: Seconds that never go back.
    """

    def __init__(
        self, open_state: Callable[[], MutableMapping[str, Any]], *, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._open = open_state
        self._steady = steady
        self._opened: MutableMapping[str, Any] | None = None
        self._missed: dict[str, _Missed] = {}
        self._again = 0.0

    def __getitem__(self, key: str) -> Any:
        self._catch_up()
        if missed := self._missed.get(key):
            if missed.value is _NOTHING:
                raise KeyError(key)
            return missed.value
        with suppress(InstantReactError):
            return self._lasting()[key]
        raise KeyError(key)

    def __setitem__(self, key: str, value: Any) -> None:
        try:
            self._lasting()[key] = value
        except InstantReactError:
            self._miss(key, value)
        else:
            self._missed.pop(key, None)
            self._again = 0.0  # it works
            self._catch_up()

    def __delitem__(self, key: str) -> None:
        known = self._missed.get(key)
        try:
            del self._lasting()[key]
        except InstantReactError:
            self._miss(key, _NOTHING)
        except KeyError:
            self._missed.pop(key, None)
            if known is None or known.value is _NOTHING:
                raise
        else:
            self._missed.pop(key, None)

    def __iter__(self) -> Iterator[str]:
        self._catch_up()
        found: set[str] = set()
        with suppress(InstantReactError):
            found.update(self._lasting())
        missed = {key for key, one in self._missed.items() if one.value is not _NOTHING}
        return iter(sorted((found - {*self._missed}) | missed))

    def __len__(self) -> int:
        return sum(1 for _ in self)  # a list would ask for its length first

    def _lasting(self) -> MutableMapping[str, Any]:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _miss(self, key: str, value: Any) -> None:
        """The store has not taken a change; remember what it is, and what is there instead."""
        before = self._missed.get(key)
        self._missed[key] = _Missed(value, before.instead if before else self._there(key))
        self._again = self._steady() + _PAUSE

    def _there(self, key: str) -> Any:
        try:
            return self._lasting().get(key, _NOTHING)
        except InstantReactError:
            return _UNKNOWN

    def _catch_up(self) -> None:
        """Give the store what it has missed; not with each question, for a store that fails may take its time."""
        if not self._missed or self._steady() < self._again:
            return
        self._again = self._steady() + _PAUSE
        with suppress(InstantReactError):
            for key, missed in tuple(self._missed.items()):
                lasting = self._lasting()
                there = lasting.get(key, _NOTHING)
                if missed.instead in (there, _UNKNOWN):
                    if missed.value is not _NOTHING:
                        lasting[key] = missed.value
                    elif there is not _NOTHING:
                        del lasting[key]
                del self._missed[key]


@dataclass(frozen=True, slots=True)
class _Missed:
    """A change that the store has not taken: the new value, and what was there at that moment."""

    value: Any
    instead: Any
