"""From a store that can only be read into memory, to be told from there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine, and_, or_, select

from instantreact_sdk.alerts.adopting import Found, chunks, without_place
from instantreact_sdk.alerts.database import explained
from instantreact_sdk.alerts.outbox import Work
from instantreact_sdk.alerts.tables import attempts, deliveries, events, quiet
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.alerts.writing import writing

_A = attempts.c
_D = deliveries.c
_E = events.c


def rescue(store: Engine, memory: Engine, notifier: str, begun: Collection[str] = ()) -> int:
    """Let what waits in a store that can only be read be told from memory; how many deliveries came there.

    What is being sent stays: whoever sends it will say how it went. Where nothing is new, nothing is written.

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
        there = connection.execute(select(_D.position, _D.key).where(*waits).order_by(_D.position)).all()
    if not there:
        return 0
    with explained(memory.url), memory.connect() as connection:
        known = {*connection.scalars(select(_D.key))}
    new = [position for position, key in there if key not in known]
    for some in chunks(new):
        _rescue(store, memory, some)
    return len(new)


def _rescue(store: Engine, memory: Engine, positions: Sequence[int]) -> None:
    with explained(store.url), store.connect() as connection:
        here = select(deliveries).where(_D.position.in_(positions)).order_by(_D.position)
        if not (found := [row._asdict() for row in connection.execute(here)]):
            return
        happened = _events(connection, found)
        hushes = [row._asdict() for row in connection.execute(select(quiet))]
        sending = [row["position"] for row in found if row["status"] == "sending"]
        begun = connection.execute(select(attempts).where(_A.delivery.in_(sending), _A.outcome == "")).all()
        keys = {row["position"]: row["key"] for row in found}
    with writing(memory) as connection:
        if happened:
            connection.execute(upsert(memory, events, ["run", "id"], []), happened)
        for hush in hushes:
            line, changing = ["rule", "source", "recipient"], ["since", "until", "told_until"]
            connection.execute(upsert(memory, quiet, line, changing, newer="since"), hush)
        connection.execute(upsert(memory, deliveries, ["key"], []), [without_place(row) for row in found])
        for one in begun:
            mine = select(_D.position).where(_D.key == keys[one.delivery], _D.status == "sending")
            if place := connection.scalar(mine):
                connection.execute(attempts.insert(), without_place(one._asdict()) | {"delivery": place})


def _events(connection: Connection, found: Sequence[Found]) -> list[Found]:
    wanted: dict[str, dict[str, None]] = {}
    for row in found:
        wanted.setdefault(row["run"], {}).update(dict.fromkeys(row["events"]))
    return [
        without_place(row._asdict())
        for run, ids in wanted.items()
        for some in chunks([*ids])
        for row in connection.execute(select(events).where(_E.run == run, _E.id.in_(some)))
    ]


def rescued(memory: Engine, work: Work) -> Work | None:
    """The same work in memory, where it was brought there while it was done; None where it was not.

    Args:
        memory: From `memory_engine`.
        work: As it was taken from the store.
    """
    attempt = select(_A.delivery, _A.position).join_from(deliveries, attempts)
    here = attempt.where(_D.key == work.delivery.key, _D.status == "sending", _A.outcome == "")
    with explained(memory.url), memory.connect() as connection:
        found = connection.execute(here).one_or_none()
    return replace(work, position=found[0], attempt=found[1]) if found else None
