"""Events into the outbox: whom to tell, on which way, and together with what."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2s
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from instantreact_sdk.alerts.coalescing import Message, WallTime, text_of
from instantreact_sdk.alerts.rows import event_from, event_row
from instantreact_sdk.alerts.stored import StoredEvent
from instantreact_sdk.alerts.tables import deliveries, events, quiet
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.alerts.writing import writing
from instantreact_sdk.types import Alert, Event

SLACK = 60.0
"""Seconds by which a moment may lie in the future that was written as the present: more, and the clock has gone back since."""

_D = deliveries.c
_Q = quiet.c

Route = tuple[str, str]
"""A notifier, and the recipient's address there."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How one recipient is told.

    Attributes:
        recipient: A person or a notifier of the pipeline file.
        routes: At least one.
        cooldown: Seconds after a delivery in which further events of the same rule and source wait, to be told together.
        after: Seconds to wait first.
        unless_acknowledged: Whether it is not told at all where somebody has acknowledged all of its events by then.
        patience: Seconds after which the next route is taken, where there is one.
        time_to_live: Seconds after which the last route is given up.
    """

    recipient: str
    routes: tuple[Route, ...]
    cooldown: float = 60.0
    after: float = 0.0
    unless_acknowledged: bool = False
    patience: float = 120.0
    time_to_live: float = 86400.0

    def lasts(self, route: int) -> float:
        """Seconds for which a route is tried."""
        return self.patience if route + 1 < len(self.routes) else self.time_to_live


@dataclass(frozen=True, slots=True)
class Told:
    """Where an event went.

    Attributes:
        key: Of the delivery.
        alert: Id of the alert.
        merged: Whether it joined events that were there.
        due: When it will be sent, in seconds of UTC.
    """

    key: str
    alert: str
    merged: bool
    due: float


class Intake:
    """Takes alerts in. When a call returns, they are in the store, and will be told.

    Args:
        engine: The store's.
        clock: Seconds of UTC.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def event(self, run: str, stored: StoredEvent, tellings: Sequence[Telling], *, snapshot: str = "") -> list[Told]:
        """Keep an event of a live source, and that people are to be told of it: all of it or nothing.

        It joins what a recipient has not been told yet, unless somebody may have that already.

        Args:
            run: The run's id.
            stored: The event; it has wall-clock time.
            tellings: Whom to tell.
            snapshot: Its picture, a path.

        Raises:
            InstantReactError: IR5003 to IR5006, it is not in the store.
        """
        assert isinstance(stored.event, Event)
        with writing(self._engine) as connection:
            connection.execute(upsert(self._engine, events, ["run", "id"], []), event_row(run, stored))
            return [self._tell(connection, run, stored.event, telling, snapshot) for telling in tellings]

    def alert(self, run: str, alert: Alert, telling: Telling, *, snapshot: str = "") -> str:
        """Keep an alert of a file: what belongs together was decided in media time, and it is told as it is.

        Returns:
            The delivery's key. What is in the store already is not told again.

        Raises:
            InstantReactError: IR5003 to IR5006, it is not in the store.
        """
        row = self._row(run, alert.id, alert.events[0], telling, snapshot)
        row |= {
            "text": alert.text.replace("\0", ""),  # PostgreSQL keeps none
            "events": [event.id for event in alert.events],
            "time": alert.time,
            "wall": alert.wall,
            "cooldown": None,
        }
        with writing(self._engine) as connection:
            connection.execute(upsert(self._engine, deliveries, ["key"], []), row)
        return str(row["key"])

    def _tell(self, connection: Connection, run: str, event: Event, telling: Telling, snapshot: str) -> Told:
        line = (_D.rule == event.rule, _D.source == event.source, _D.recipient == telling.recipient)
        grows = (_D.run == run, _D.fixed.is_(False), _D.status.in_(["pending", "waiting"]), _D.cooldown.is_not(None))
        query = select(deliveries).where(*line, *grows).order_by(_D.position.desc()).limit(1).with_for_update()
        found = connection.execute(query).one_or_none()
        if found:
            ids = list(dict.fromkeys([*found.events, event.id]))
            text = worded(connection, run, ids, found.told_until)
            change = update(deliveries).where(_D.position == found.position).values(events=ids, text=text)
            connection.execute(change)
            return Told(found.key, found.alert, merged=True, due=found.due)
        alert = blake2s(f"alert\0{event.id}".encode(), digest_size=6).hexdigest()
        row = self._row(run, alert, event, telling, snapshot)
        hush = hushed(connection, row, row["created"])
        row["told_until"] = hush.told_until if hush else None
        row["due"] = max(row["due"], hush.until if hush else 0.0)
        row["text"] = worded(connection, run, [event.id], row["told_until"])
        connection.execute(upsert(self._engine, deliveries, ["key"], []), row)
        return Told(row["key"], alert, merged=False, due=row["due"])

    def _row(self, run: str, alert: str, first: Event, telling: Telling, snapshot: str) -> dict[str, Any]:
        now = self._clock()
        step = "after" if telling.after else "first"
        key = blake2s(f"{run}\0{alert}\0{telling.recipient}\0{step}".encode(), digest_size=12).hexdigest()
        return {
            "key": key,
            "run": run,
            "alert": alert,
            "rule": first.rule,
            "source": first.source,
            "recipient": telling.recipient,
            "text": "",
            "events": [first.id],
            "time": first.end,
            "wall": first.wall,
            "told_until": None,
            "snapshot": snapshot,
            "status": "waiting" if telling.unless_acknowledged else "pending",
            "routes": [list(route) for route in telling.routes],
            "lasts": [telling.lasts(route) for route in range(len(telling.routes))],
            "notifier": telling.routes[0][0],
            "cooldown": telling.cooldown,
            "created": now,
            "due": now + telling.after,
            "due_set": now,
            "expires": now + telling.after + telling.lasts(0),
        }


def hushed(connection: Connection, line: Any, now: float) -> Row[Any] | None:
    """What is remembered of the last delivery of a line; None where its cooldown is over and the clock can be believed."""
    rule, source, recipient = (line[name] for name in ("rule", "source", "recipient"))
    query = select(quiet).where(_Q.rule == rule, _Q.source == source, _Q.recipient == recipient)
    found = connection.execute(query).one_or_none()
    return found if found and found.until > now and found.since <= now + SLACK else None


def worded(connection: Connection, run: str, ids: Sequence[str], told_until: float | None) -> str:
    """What an alert of these events says now.

    Args:
        connection: To the store that has them.
        run: Their run.
        ids: In order.
        told_until: End of the last event that was told before, in seconds of UTC.
    """
    query = select(events).where(events.c.run == run, events.c.id.in_(ids))
    by_id = {row.id: event_from(row) for row in connection.execute(query)}
    found = [by_id[one] for one in ids]
    first = found[0]
    assert first.wall is not None
    zero = datetime.fromtimestamp(first.wall.timestamp() - first.end, UTC).astimezone()
    told = None
    if told_until is not None:
        end = told_until - zero.timestamp()
        told = Event(first.rule, first.source, end, end, (), {})
    moment = WallTime(zero, datetime.now().astimezone())
    return text_of(Message(1, tuple(found), told), moment).replace("\0", "")
