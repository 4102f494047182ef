"""What components remember between runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, delete, func, select

from instantreact_sdk.alerts.database import explained
from instantreact_sdk.alerts.tables import component_state
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.errors import InstantReactError

_C = component_state.c


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

    Args:
        open_state: Opens the lasting one; asked again as long as it raises.
    """

    def __init__(self, open_state: Callable[[], MutableMapping[str, Any]]) -> None:
        self._open = open_state
        self._opened: MutableMapping[str, Any] | None = None
        self._kept: dict[str, Any] = {}
        self._gone: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        if key in self._kept:
            return self._kept[key]
        if key not in self._gone:
            with suppress(InstantReactError):
                return self._lasting()[key]
        raise KeyError(key)

    def __setitem__(self, key: str, value: Any) -> None:
        self._gone.discard(key)
        try:
            self._lasting()[key] = value
        except InstantReactError:
            self._kept[key] = value
        else:
            self._kept.pop(key, None)

    def __delitem__(self, key: str) -> None:
        known = self._kept.pop(key, self) is not self
        try:
            del self._lasting()[key]
        except InstantReactError:
            self._gone.add(key)
        except KeyError:
            if not known:
                raise

    def __iter__(self) -> Iterator[str]:
        found: set[str] = set()
        with suppress(InstantReactError):
            found.update(self._lasting())
        return iter(sorted((found - self._gone) | {*self._kept}))

    def __len__(self) -> int:
        return len([*self])

    def _lasting(self) -> MutableMapping[str, Any]:
        if self._opened is None:
            self._opened = self._open()
        return self._opened
