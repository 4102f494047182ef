"""Events into the outbox: whom to tell, on which way, and together with what."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2s
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, update

from instantreact_sdk.alerts.clips import Clip, attach, keep_clip
from instantreact_sdk.alerts.coalescing import Message, WallTime, text_of
from instantreact_sdk.alerts.rows import event_from, event_row, storable
from instantreact_sdk.alerts.statements import BECAME, EVENTS, GROWING, HUSH
from instantreact_sdk.alerts.stored import StoredEvent, alert_id
from instantreact_sdk.alerts.tables import deliveries, events
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.alerts.writing import giving_way, writing
from instantreact_sdk.types import Alert, Event

SLACK = 60.0
"""Seconds by which a moment may lie in the future that was written as the present: more, and the clock has gone back since."""

_D = deliveries.c
_AT_ONCE = 10_000

Route = tuple[str, str]
"""A notifier, and the recipient's address there."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """How one recipient is told.

    Attributes:
        recipient: A person or a notifier of the pipeline file.
        routes: At least one.
        cooldown: Seconds after a delivery in which further events of the same rule and source wait, to be told together.
        after: Seconds to wait first.
        unless_acknowledged: Whether it is not told at all where somebody has acknowledged all of its events by then.
        next_route: Seconds after which the next route is taken, where there is one.
        expire: Seconds after which the last route is given up.
    """

    recipient: str
    routes: tuple[Route, ...]
    cooldown: float = 60.0
    after: float = 0.0
    unless_acknowledged: bool = False
    next_route: float = 120.0
    expire: float = 86400.0

    def lasts(self, route: int) -> float:
        """Seconds for which a route is tried."""
        return self.next_route if route + 1 < len(self.routes) else self.expire


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
        durable: Whether what is in there survives the process.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time, *, durable: bool = True) -> None:
        self._engine = engine
        self._clock = clock
        self._durable = durable

    @giving_way
    def event(self, run: str, stored: StoredEvent, whom: Sequence[Addressee], *, snapshot: str = "") -> list[Told]:
        """Keep an event of a live source, what becomes of it, and that people are to be told of it: all or nothing.

        It joins what a recipient has not been told yet, unless somebody may have that already.

        Args:
            run: The run's id.
            stored: The event; it has wall-clock time.
            whom: Whom to tell.
            snapshot: Its picture, a path.

        Raises:
            InstantReactError: IR5003 to IR5006, it is not in the store.
        """
        event = stored.event
        assert isinstance(event, Event)
        assert event.wall is not None
        with writing(self._engine, lasting=True) as connection:
            connection.execute(upsert(self._engine, events, ["run", "id"], []), event_row(run, stored))
            told = [self._tell(connection, run, event, one, snapshot) for one in whom]
            outcome: dict[str, Any] = {"outcome": "untold"}
            if told:
                waits = told[0].merged or told[0].due > self._clock()
                until = event.end + told[0].due - event.wall.timestamp() if waits else None
                outcome = {"outcome": "merged" if waits else "alerted", "alert": told[0].alert, "until": until}
            connection.execute(BECAME, {"of_run": run, "of_id": event.id, **outcome})
            return told

    @giving_way
    def alert(self, run: str, alert: Alert, whom: Addressee, *, status: str = "pending", follows: bool = False) -> str:
        """Keep an alert of a file, with its events: what belongs together was decided in media time, and it is told as it is.

        Args:
            run: The run's id.
            alert: It.
            whom: Whom to tell.
            status: ``noted`` where nobody is to be told.
            follows: Whether it tells of more after another one.

        Returns:
            The delivery's key. What is in the store already is not told again.

        Raises:
            InstantReactError: IR5003 to IR5006, it is not in the store.
        """
        snapshot = str(alert.snapshot.absolute()) if alert.snapshot else ""
        row = self._row(run, alert.id, alert.events[0], whom, snapshot)
        row |= {
            "text": storable(alert.text),
            "events": [event.id for event in alert.events],
            "time": alert.time,
            "wall": alert.wall,
            "cooldown": None,
            "told_until": 0.0 if follows else None,
        }
        row |= {"status": status} if status != "pending" else {}
        told = [event_row(run, StoredEvent(event)) for event in alert.events]
        with writing(self._engine, lasting=True) as connection:
            connection.execute(upsert(self._engine, events, ["run", "id"], []), told)
            connection.execute(upsert(self._engine, deliveries, ["key"], []), row)
        return str(row["key"])

    @giving_way
    def clip(self, run: str, event: str, path: Path, notifiers: Sequence[str]) -> None:
        """The clip of an event is ready: it follows the words that were sent already, and goes with those that were not.

        Args:
            run: The run's id.
            event: Id of the event; where an alert tells several, the first one's clip goes with it.
            path: The file.
            notifiers: Those that send clips, and may.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        clip = Clip(run, event, str(path.absolute()), tuple(notifiers))
        with writing(self._engine) as connection:
            attach(connection, clip, self._clock())
            if not self._durable:  # some of its deliveries may be in a store that cannot be written
                keep_clip(self._engine, connection, clip)

    @giving_way
    def over(self, run: str) -> None:
        """No more events come in a run: what cooldowns hold back is told now. Better early than never.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        now = self._clock()
        held = (_D.run == run, _D.status == "pending", _D.attempts == 0, _D.cooldown.is_not(None), _D.after == 0)
        with writing(self._engine) as connection:
            connection.execute(update(deliveries).where(*held).values(cooldown=None, due=now, due_set=now))

    def _tell(self, connection: Connection, run: str, event: Event, whom: Addressee, snapshot: str) -> Told:
        line = {"rule": event.rule, "source": event.source, "recipient": whom.recipient}
        found = connection.execute(GROWING, {"run": run, **line}).one_or_none()
        if found:
            ids = list(dict.fromkeys([*found.events, event.id]))
            values: dict[str, Any] = {"events": ids, "text": in_short(connection, run, ids, found.told_until)}
            if found.route + 1 == len(
                found.routes
            ):  # where there is no other way, the latest event has as long as the first
                values["expires"] = max(found.expires, self._clock() + found.lasts[found.route])
            connection.execute(update(deliveries).where(_D.position == found.position).values(values))
            return Told(found.key, found.alert, merged=True, due=found.due)
        row = self._row(run, alert_id(event.id), event, whom, snapshot)
        hush = hushed(connection, row, row["created"])
        row["told_until"] = hush.told_until if hush else None
        held = max(0.0, hush.until - row["due"]) if hush else 0.0
        row |= {"due": row["due"] + held, "expires": row["expires"] + held}
        row["text"] = worded([event], row["told_until"])
        connection.execute(upsert(self._engine, deliveries, ["key"], []), row)
        return Told(row["key"], row["alert"], merged=False, due=row["due"])

    def _row(self, run: str, alert: str, first: Event, whom: Addressee, snapshot: str) -> dict[str, Any]:
        now = self._clock()
        return {
            "key": delivery_key(run, alert, whom.recipient, whom.after),
            "run": run,
            "alert": alert,
            "rule": first.rule,
            "source": first.source,
            "recipient": whom.recipient,
            "text": "",
            "events": [first.id],
            "time": first.end,
            "wall": first.wall,
            "told_until": None,
            "snapshot": snapshot,
            "status": "waiting" if whom.unless_acknowledged else "pending",
            "routes": [list(route) for route in whom.routes],
            "lasts": [whom.lasts(route) for route in range(len(whom.routes))],
            "notifier": whom.routes[0][0],
            "cooldown": whom.cooldown,
            "after": whom.after,
            "created": now,
            "due": now + whom.after,
            "due_set": now,
            "expires": now + whom.after + whom.lasts(0),
            "durable": self._durable,
        }


def hushed(connection: Connection, line: Any, now: float) -> Row[Any] | None:
    """What is remembered of the last delivery of a line; None where its cooldown is over and the clock can be believed."""
    found = connection.execute(HUSH, {name: line[name] for name in ("rule", "source", "recipient")}).one_or_none()
    return found if found and found.until > now and found.since <= now + SLACK else None


def delivery_key(run: str, alert: str, recipient: str, after: float) -> str:
    """The idempotency key of an alert to one recipient, who may be told twice: at once, and again after so many seconds."""
    step = f"{after:g}" if after else "first"
    return blake2s(f"{run}\0{alert}\0{recipient}\0{step}".encode(), digest_size=12).hexdigest()


def events_of(connection: Connection, run: str, ids: Iterable[str]) -> list[Event]:
    """Events of a run, in the order of their ids."""
    ids = [*ids]
    by_id = {
        row.id: event_from(row)
        for start in range(0, len(ids), _AT_ONCE)  # a statement takes 32,766 values at the most
        for row in connection.execute(EVENTS, {"run": run, "ids": ids[start : start + _AT_ONCE]})
    }
    return [event for one in ids if isinstance(event := by_id[one], Event)]


def in_short(connection: Connection, run: str, ids: Sequence[str], told_until: float | None) -> str:
    """What an alert of many events says. Of those between the first and the last one it says nothing but how many they are.

    So they are not read: after a day without network they are thousands, and another one comes every second.
    """
    first, *last = events_of(connection, run, dict.fromkeys([ids[0], ids[-1]]))
    return worded([first, *last * (len(ids) - 1)], told_until)


def worded(found: Sequence[Event], told_until: float | None) -> str:
    """What an alert of these events says now.

    Args:
        found: The events, at least one, in order; with wall-clock time.
        told_until: End of the last event that was told before, in seconds of UTC.
    """
    first = found[0]
    assert first.wall is not None
    zero = datetime.fromtimestamp(first.wall.timestamp() - first.end, UTC).astimezone()
    told = None
    if told_until is not None:
        end = told_until - zero.timestamp()
        told = Event(first.rule, first.source, end, end, (), {})
    moment = WallTime(zero, datetime.now().astimezone())
    return storable(text_of(Message(1, tuple(found), told), moment))
