"""Deliveries on their way between the store and memory, while the store does not take what is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, and_, or_, select, update

from instantreact_sdk.alerts.database import explained
from instantreact_sdk.alerts.outbox import Work
from instantreact_sdk.alerts.tables import attempts, deliveries, events, quiet, runs
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.alerts.writing import writing
from instantreact_sdk.version import __version__

_D = deliveries.c
_MOVING = "moving"

_Rows = list[dict[str, Any]]


def adopt(memory: Engine, store: Engine) -> int:
    """Bring what was told from memory into the store, and what waits there; how many deliveries there were.

    What is being sent at this moment stays, for the next time.

    Args:
        memory: From `memory_engine`.
        store: The store, which takes what is written again.

    Raises:
        InstantReactError: IR5003 to IR5006, it does not; then memory has everything still.
    """
    with writing(memory) as connection:
        found = [row._asdict() for row in connection.execute(select(deliveries).where(_D.status != "sending"))]
        # From here on nobody takes it from memory.
        connection.execute(update(deliveries).where(_D.status == "pending").values(status=_MOVING))
        told = [row._asdict() for row in connection.execute(select(events))]
        tried = [row._asdict() for row in connection.execute(select(attempts))]
        hushes = [row._asdict() for row in connection.execute(select(quiet))]
    if not found:
        return 0
    try:
        _write(store, found, told, tried, hushes)
    except BaseException:
        with writing(memory) as connection:
            connection.execute(update(deliveries).where(_D.status == _MOVING).values(status="pending"))
        raise
    gone = [row["position"] for row in found]
    with writing(memory) as connection:
        connection.execute(attempts.delete().where(attempts.c.delivery.in_(gone)))
        connection.execute(deliveries.delete().where(_D.position.in_(gone)))
    return len(found)


def _write(store: Engine, found: _Rows, told: _Rows, tried: _Rows, hushes: _Rows) -> None:
    of_run = {row["run"] for row in (*found, *told)}
    began = {"config": "", "started": datetime.now(UTC), "version": __version__}
    changing = [column.name for column in deliveries.columns if column.name not in ("position", "key")]
    with writing(store, lasting=True) as connection:
        for run in of_run:
            connection.execute(upsert(store, runs, ["id"], []), {"id": run, **began})
        for row in told:
            connection.execute(upsert(store, events, ["run", "id"], []), _without_place(row))
        for row in found:
            connection.execute(upsert(store, deliveries, ["key"], changing), _without_place(row))
            place = connection.scalar(select(_D.position).where(_D.key == row["key"]))
            # Of an attempt that had begun in the store, memory knows the end.
            connection.execute(attempts.delete().where(attempts.c.delivery == place, attempts.c.outcome == ""))
            mine = [_without_place(one) | {"delivery": place} for one in tried if one["delivery"] == row["position"]]
            if mine:
                connection.execute(attempts.insert(), mine)
        for row in hushes:
            connection.execute(
                upsert(store, quiet, ["rule", "source", "recipient"], ["since", "until", "told_until"]), row
            )


def rescue(store: Engine, memory: Engine, notifier: str, begun: Collection[str] = ()) -> int:
    """Let what waits in a store that can only be read be told from memory; how many deliveries there were.

    What is being sent stays: whoever sends it will say how it went.

    Args:
        store: The store.
        memory: From `memory_engine`.
        notifier: By whom it would be told.
        begun: Keys of those of which it is known how sending went, and of those that were taken and not tried; see `rescued`.

    Raises:
        InstantReactError: IR5003 to IR5006, it cannot be read either.
    """
    stuck = and_(_D.status == "sending", _D.key.in_(begun))
    waits = (_D.notifier == notifier, or_(_D.status.in_(["pending", "waiting"]), stuck))
    with explained(store.url), store.connect() as connection:
        found = [row._asdict() for row in connection.execute(select(deliveries).where(*waits))]
        wanted = {(row["run"], event) for row in found for event in row["events"]}
        about = select(events).where(events.c.run.in_({run for run, _ in wanted}))
        told = [row._asdict() for row in connection.execute(about) if (row.run, row.id) in wanted]
        hushes = [row._asdict() for row in connection.execute(select(quiet))]
        of_stuck = [row["position"] for row in found if row["status"] == "sending"]
        open_ones = select(attempts).where(attempts.c.delivery.in_(of_stuck), attempts.c.outcome == "")
        tried = {row.delivery: row._asdict() for row in connection.execute(open_ones)}
    count = 0
    with writing(memory) as connection:
        for row in told:
            connection.execute(upsert(memory, events, ["run", "id"], []), _without_place(row))
        for row in hushes:
            connection.execute(upsert(memory, quiet, ["rule", "source", "recipient"], []), row)
        for row in found:
            new = connection.execute(upsert(memory, deliveries, ["key"], []), _without_place(row)).rowcount
            if new and row["position"] in tried:
                place = connection.scalar(select(_D.position).where(_D.key == row["key"]))
                connection.execute(attempts.insert(), _without_place(tried[row["position"]]) | {"delivery": place})
            count += new
    return count


def rescued(memory: Engine, work: Work) -> Work | None:
    """The same work in memory, where it was brought there while it was done; None where it was not.

    Args:
        memory: From `memory_engine`.
        work: As it was taken from the store.
    """
    attempt = select(attempts.c.delivery, attempts.c.position).join_from(deliveries, attempts)
    here = attempt.where(_D.key == work.delivery.key, _D.status == "sending", attempts.c.outcome == "")
    with explained(memory.url), memory.connect() as connection:
        found = connection.execute(here).one_or_none()
    return replace(work, position=found[0], attempt=found[1]) if found else None


def _without_place(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "position"}
