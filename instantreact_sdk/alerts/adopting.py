"""From memory into the store, once that takes what is written again."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, Table, and_, func, select, update

from instantreact_sdk.alerts.clips import attach, forget_clip, kept_clips
from instantreact_sdk.alerts.database import explained
from instantreact_sdk.alerts.joining import joined
from instantreact_sdk.alerts.tables import attempts, deliveries, events, quiet, runs
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.alerts.writing import writing
from instantreact_sdk.version import __version__

AT_ONCE = 500
"""So many rows are read and written at once: others come in between."""

_MOVING = "moving"
_LINE = ["rule", "source", "recipient"]

_A = attempts.c
_D = deliveries.c
_E = events.c
_Q = quiet.c
_T = TypeVar("_T")

Found = dict[str, Any]
"""A row."""


def adopt(memory: Engine, store: Engine, clock: Callable[[], float] = time.time) -> int:
    """Bring what was told from memory into the store, and what waits there; how many deliveries left memory.

    What is being sent at this moment is written down as such, so that nobody else sends it, and stays in memory until it is known
    how that went, for the next time.

    Args:
        memory: From `memory_engine`.
        store: The store, which takes what is written again.
        clock: Seconds of UTC.

    Raises:
        InstantReactError: IR5003 to IR5006, it does not; then memory still has what is not in the store.
    """
    with writing(memory) as connection:
        last = connection.scalar(select(func.max(_D.position))) or 0
        last_event = connection.scalar(select(func.max(_E.position))) or 0
        clips = [*kept_clips(connection)]
        hushes = [row._asdict() for row in connection.execute(select(quiet))]
        if not (last or last_event or clips):
            return 0
        # From here on nobody takes it from memory.
        connection.execute(update(deliveries).where(_D.status == "pending").values(status=_MOVING))
    try:
        _bring_events(memory, store, last_event)
        left = sum(_bring(memory, store, rows, clock()) for rows in _in_chunks(memory, deliveries, last))
        with writing(store, lasting=True) as connection:
            for clip in clips:
                attach(connection, clip, clock())
            for hush in hushes:
                newest = upsert(store, quiet, _LINE, ["since", "until", "told_until"], newer="since")
                connection.execute(newest, hush)
    finally:
        with writing(memory) as connection:
            connection.execute(update(deliveries).where(_D.status == _MOVING).values(status="pending"))
    with writing(memory) as connection:
        for clip in clips:
            forget_clip(connection, clip)
        for hush in hushes:
            connection.execute(quiet.delete().where(and_(*(_Q[name] == hush[name] for name in (*_LINE, "since")))))
        _forget_events(connection, last_event)
    return left


def chunks(rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """`AT_ONCE` of them after the other; a statement takes 32,766 values at the most."""
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def without_place(row: Found) -> Found:
    """A row as another database may have it, in another place."""
    return {name: value for name, value in row.items() if name != "position"}


def _in_chunks(memory: Engine, table: Table, last: int) -> Iterator[list[Found]]:
    at = 0
    while at < last:
        query = select(table).where(table.c.position > at, table.c.position <= last)
        with explained(memory.url), memory.connect() as connection:
            rows = connection.execute(query.order_by(table.c.position).limit(AT_ONCE)).all()
        if not rows:
            return
        yield [row._asdict() for row in rows]
        at = rows[-1].position


def _bring_events(memory: Engine, store: Engine, last: int) -> None:
    began = {"config": "", "started": datetime.now(UTC), "version": __version__}
    with explained(memory.url), memory.connect() as connection:
        of_runs = {*connection.scalars(select(_D.run).union(select(_E.run)))}
    if of_runs:
        with writing(store, lasting=True) as connection:
            connection.execute(upsert(store, runs, ["id"], []), [{"id": run, **began} for run in sorted(of_runs)])
    for rows in _in_chunks(memory, events, last):
        with writing(store, lasting=True) as connection:
            connection.execute(upsert(store, events, ["run", "id"], []), [without_place(row) for row in rows])


def _bring(memory: Engine, store: Engine, rows: list[Found], now: float) -> int:
    """Some deliveries with their attempts; how many left memory."""
    as_read = {row["position"]: row["status"] for row in rows}
    for row in rows:
        row["status"] = "pending" if row["status"] == _MOVING else row["status"]
    with explained(memory.url), memory.connect() as connection:
        tried = _by_delivery(connection.execute(select(attempts).where(_A.delivery.in_(as_read))).all())
    with writing(store, lasting=True) as connection:
        there = {row.key: row._asdict() for row in _locked(connection, rows)}
        new = [without_place(row) for row in rows if row["key"] not in there]
        for row in rows:
            if theirs := there.get(row["key"]):
                values, apart = joined(connection, row, theirs, now)
                if values:
                    connection.execute(update(deliveries).where(_D.position == theirs["position"]).values(values))
                if apart:
                    new.append(apart)
                    about = (_E.run == apart["run"], _E.id.in_(apart["events"]))
                    connection.execute(update(events).where(*about).values(outcome="alerted", alert=apart["alert"]))
        if new:
            connection.execute(upsert(store, deliveries, ["key"], []), new)
        places = {row.key: row.position for row in _locked(connection, rows)} if tried else {}
        for row in rows:
            if mine := tried.get(row["position"]):
                _bring_attempts(connection, places[row["key"]], mine)
    with writing(memory) as connection:
        return _forget(connection, as_read, [one for mine in tried.values() for one in mine])


def _locked(connection: Connection, rows: Sequence[Found]) -> Sequence[Row[Any]]:
    keys = [row["key"] for row in rows]
    return connection.execute(select(deliveries).where(_D.key.in_(keys)).order_by(_D.position).with_for_update()).all()


def _bring_attempts(connection: Connection, place: int, mine: Sequence[Found]) -> None:
    # Of an attempt that had begun in the store, or when memory was last asked, memory knows more.
    connection.execute(attempts.delete().where(_A.delivery == place, _A.outcome == ""))
    connection.execute(attempts.insert(), [without_place(one) | {"delivery": place} for one in mine])


def _forget(connection: Connection, as_read: dict[int, str], tried: Sequence[Found]) -> int:
    """What the store has need not be in memory, but for what is being sent, and what became of a delivery meanwhile."""
    for some in chunks([one["position"] for one in tried if one["outcome"]]):
        connection.execute(attempts.delete().where(_A.position.in_(some)))
    present = connection.execute(select(_D.position, _D.status).where(_D.position.in_(as_read)))
    busy = {*connection.scalars(select(_A.delivery).where(_A.delivery.in_(as_read)))}
    gone = [at for at, status in present if status == as_read[at] != "sending" and at not in busy]
    connection.execute(deliveries.delete().where(_D.position.in_(gone)))
    return len(gone)


def _forget_events(connection: Connection, last: int) -> None:
    needed = {(row.run, one) for row in connection.execute(select(_D.run, _D.events)) for one in row.events}
    brought = connection.execute(select(_E.position, _E.run, _E.id).where(_E.position <= last))
    for some in chunks([at for at, run, one in brought if (run, one) not in needed]):
        connection.execute(events.delete().where(_E.position.in_(some)))


def _by_delivery(rows: Sequence[Row[Any]]) -> dict[int, list[Found]]:
    found: defaultdict[int, list[Found]] = defaultdict(list)
    for row in rows:
        found[row.delivery].append(row._asdict())
    return found
