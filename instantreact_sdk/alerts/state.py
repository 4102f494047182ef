"""What components remember between runs."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import Engine, delete, func, select

from instantreact_sdk.alerts.database import explained
from instantreact_sdk.alerts.tables import component_state
from instantreact_sdk.alerts.upsert import upsert

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
