"""Where runs, events and what components remember are kept; deliveries too, see `Ledger`.

Importing this module loads SQLAlchemy, which takes a third of a second: whoever is in a hurry imports and opens it in a
thread of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, Self

from sqlalchemy import Engine, Row, Select, select, update

from instantreact_sdk.alerts.database import BUSY_SECONDS, explained, open_engine, shown
from instantreact_sdk.alerts.rows import event_from, event_row
from instantreact_sdk.alerts.state import ComponentState
from instantreact_sdk.alerts.stored import Outcome, Run, StoredEvent, run_id
from instantreact_sdk.alerts.tables import events, runs
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.version import __version__


class Store:
    """Runs, events and component state in SQLite or PostgreSQL; may be used from several threads.

    Every method raises InstantReactError where the database does not do its work: IR5003, it is locked; IR5004, it is
    read-only; IR5005, it is damaged; IR5006, anything else.

    Args:
        engine: A connected database with its tables; `open` makes it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """The database; `Intake`, `Outbox` and `Ledger` work on it."""
        return self._engine

    @classmethod
    def open(cls, url: str, *, create: bool = True, busy: float = BUSY_SECONDS) -> Store:
        """Connect to a database, make the tables where they are missing, and change those of an older SDK.

        Args:
            url: ``sqlite:///path/to/file.db`` or ``postgresql://user:password@host/database``.
            create: Whether to make what is not there.
            busy: How many seconds a writer waits for another one before it gives up.

        Raises:
            InstantReactError: IR5001 to IR5007; IR6001, the driver is not installed.
        """
        return cls(open_engine(url, create=create, busy=busy))

    def close(self) -> None:
        """Close all connections. May be called twice."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where it is, without the password."""
        return shown(self._engine.url)

    def begin_run(self, config: str = "", *, started: datetime | None = None, run: str = "") -> str:
        """Note that a pipeline starts.

        Args:
            config: Its pipeline file, as it was named.
            started: When; by default now.
            run: Its id, from `run_id`; by default a new one. A run that is there goes on.

        Returns:
            The run's id.
        """
        run = run or run_id()
        row = {"id": run, "config": config, "started": started or datetime.now(UTC), "version": __version__}
        with explained(self._engine.url), self._engine.begin() as connection:
            connection.execute(upsert(self._engine, runs, ["id"], []), row)
        return run

    def end_run(self, run: str, *, ended: datetime | None = None) -> None:
        """Note that it ended."""
        with explained(self._engine.url), self._engine.begin() as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(ended=ended or datetime.now(UTC)))

    def runs(self, *, limit: int = 100) -> list[Run]:
        """The latest runs, the last one first."""
        query = select(runs).order_by(runs.c.started.desc(), runs.c.id).limit(limit)
        with explained(self._engine.url), self._engine.connect() as connection:
            return [Run(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001  (public, by its documentation)

    def add(self, run: str, found: Iterable[StoredEvent]) -> None:
        """Keep events and near misses, all of them or none. What is there already stays as it is."""
        rows = [event_row(run, stored) for stored in found]
        if not rows:
            return
        with explained(self._engine.url), self._engine.begin() as connection:
            connection.execute(upsert(self._engine, events, ["run", "id"], []), rows)

    def set_outcome(self, run: str, ids: Iterable[str], outcome: Outcome) -> None:
        """Keep what became of events."""
        query = (
            update(events)
            .where(events.c.run == run, events.c.id.in_([*ids]))
            .values(outcome=outcome.what, alert=outcome.alert, until=outcome.until)
        )
        with explained(self._engine.url), self._engine.begin() as connection:
            connection.execute(query)

    def events(
        self,
        *,
        run: str | None = None,
        rule: str | None = None,
        source: str | None = None,
        kind: Literal["event", "near_miss"] | None = "event",
        limit: int = 100,
    ) -> list[StoredEvent]:
        """The latest events, the last one first.

        Args:
            run: Only of this run.
            rule: Only of this rule.
            source: Only of this source.
            kind: Only of this kind; None for both.
            limit: At most so many.
        """
        query = select(events).order_by(events.c.position.desc()).limit(limit)
        for column, wanted in (
            (events.c.run, run),
            (events.c.rule, rule),
            (events.c.source, source),
            (events.c.kind, kind),
        ):
            query = query.where(column == wanted) if wanted is not None else query
        return self._events(query)

    def event(self, prefix: str) -> StoredEvent:
        """The event or near miss whose id begins so; that of the latest run, where several runs found it.

        Raises:
            InstantReactError: IR5008, there is none; IR5009, there are several.
        """
        query = select(events).where(events.c.id.startswith(prefix.lower(), autoescape=True))
        found = self._events(query.order_by(events.c.position.desc()).limit(1000))
        ids = sorted({stored.event.id for stored in found})
        if not ids:
            raise InstantReactError("IR5008", url=self.url, id=prefix)
        if len(ids) > 1:
            raise InstantReactError("IR5009", id=prefix, count=len(ids), ids=", ".join(ids[:5]))
        return found[0]

    def state(self, component: str) -> MutableMapping[str, Any]:
        """What one component remembers between runs; values are JSON-able."""
        return ComponentState(self._engine, component)

    def _events(self, query: Select[Any]) -> list[StoredEvent]:
        with explained(self._engine.url), self._engine.connect() as connection:
            return [_event(row) for row in connection.execute(query)]


def _event(row: Row[Any]) -> StoredEvent:
    outcome = Outcome(row.outcome, row.alert, row.until) if row.outcome else None
    return StoredEvent(event_from(row), outcome, row.run)
