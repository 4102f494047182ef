"""What waits in the outbox: taking it out, and writing down how it went."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, and_, exists, func, or_, select, update

from instantreact_sdk.alerts.backoff import pause
from instantreact_sdk.alerts.rows import event_from
from instantreact_sdk.alerts.tables import attempts, deliveries, events, notifiers, quiet
from instantreact_sdk.alerts.telling import SLACK, worded
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.alerts.writing import writing
from instantreact_sdk.types import Alert, Delivery

PATIENCE = 5
"""So many failures in a row, and a notifier is left alone for a while: then one delivery tries whether it works again."""

_D = deliveries.c
_N = notifiers.c
_Q = quiet.c
_A = attempts.c
_BUSY = ("pending", "sending")

What = Literal["sent", "transient", "permanent", "unknown"]


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt of one delivery, which is written down already: it has to be made, or given back.

    Attributes:
        position: The delivery's place in the outbox.
        attempt: The attempt's.
        alert: What to tell.
        delivery: To whom.
        follows: Whether it tells of more after an alert that was delivered.
    """

    position: int
    attempt: int
    alert: Alert
    delivery: Delivery
    follows: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """How an attempt went.

    Attributes:
        what: It was ``sent``; it may work later (``transient``) or never will (``permanent``); or nobody knows (``unknown``).
        error: The reason, without secrets.
        retry_after: What the service asked for, in seconds.
        closed_for: Seconds for which the notifier reaches nobody; None where that is not known.
        receipt: What the service calls the message.
        parts: What was sent of it, by name, with what the service calls it.
    """

    what: What
    error: str = ""
    retry_after: float | None = None
    closed_for: float | None = None
    receipt: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)


class Outbox:
    """The work of the process that holds a notifier's `Lease`; nobody else may call this.

    Args:
        engine: The store's.
        clock: Seconds of UTC.
        random: Shortens and lengthens pauses.
    """

    def __init__(
        self, engine: Engine, clock: Callable[[], float] = time.time, random: Random | None = None
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._random = random or Random()  # noqa: S311  (no secret depends on it)

    def recover(self, notifier: str) -> int:
        """Take back what an earlier holder had begun; how many there were. Some of it may have arrived.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        now = self._clock()
        mine = (_D.notifier == notifier, _D.status == "sending")
        with writing(self._engine) as connection:
            begun = select(_D.position).where(*mine)
            broken = update(attempts).where(_A.delivery.in_(begun), _A.outcome == "").values(outcome="broken off")
            connection.execute(broken)
            back = update(deliveries).where(*mine).values(status="pending", due=now, due_set=now)
            return int(connection.execute(back).rowcount)

    def take(self, notifier: str, most: int) -> list[Work]:
        """What is to be sent now by one notifier, in the order in which it came; each is written down as begun.

        Args:
            notifier: Its name.
            most: At most so many; one, where it was left alone for its failures.

        Raises:
            InstantReactError: IR5003 to IR5006; nothing was begun.
        """
        now = self._clock()
        with writing(self._engine) as connection:
            state = connection.execute(select(notifiers).where(_N.name == notifier)).one_or_none()
            if state and state.closed_until > now and state.closed_since <= now + SLACK:
                return []
            self._escalate(connection, notifier, now)
            tired = bool(state and state.failures >= PATIENCE)
            ripe = self._ripe(notifier, now).order_by(_D.position).limit(1 if tired else most)
            return [self._begin(connection, row, now) for row in connection.execute(ripe.with_for_update()).all()]

    def give_back(self, works: Sequence[Work]) -> None:
        """What was taken and not tried.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        positions = [work.position for work in works]
        with writing(self._engine) as connection:
            connection.execute(attempts.delete().where(_A.position.in_([work.attempt for work in works])))
            again = {"status": "pending", "attempts": _D.attempts - 1, "fixed": _D.attempts > 1}
            connection.execute(update(deliveries).where(_D.position.in_(positions)).values(again))

    def settle(self, work: Work, answer: Answer) -> str:
        """Write down how an attempt went; the delivery's status after it.

        Raises:
            InstantReactError: IR5003 to IR5006; nothing of it is written.
        """
        now = self._clock()
        with writing(self._engine) as connection:
            query = select(deliveries).where(_D.position == work.position).with_for_update()
            row = connection.execute(query).one()
            ended = {"ended": now, "outcome": answer.what, "error": answer.error}
            connection.execute(update(attempts).where(_A.position == work.attempt).values(ended))
            if row.status != "sending":  # it was dropped meanwhile, or another process has taken over
                return str(row.status)
            parts = {**row.parts, **answer.parts}
            if answer.what == "sent":
                values = {"status": "sent", "settled": now, "receipt": answer.receipt, "parts": parts, "error": ""}
                self._hush(connection, row, now)
            else:
                values = self._after(row, answer, parts, now)
            self._note(connection, row.notifier, answer, now)
            connection.execute(update(deliveries).where(_D.position == row.position).values(values))
            return str(values["status"])

    def next(self, notifier: str) -> float | None:
        """When something of one notifier will be due at the earliest, in seconds of UTC; None while nothing waits.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        query = select(func.min(_D.due)).where(_D.notifier == notifier, _D.status.in_(["pending", "waiting"]))
        with writing(self._engine) as connection:
            return connection.scalar(query)

    # Taking -------------------------------------------------------------------------------------------------------

    def _escalate(self, connection: Connection, notifier: str, now: float) -> None:
        """What waits for an acknowledgement has it, or waits no longer."""
        due = or_(_D.due <= now, _D.due_set > now + SLACK)
        query = select(deliveries).where(_D.notifier == notifier, _D.status == "waiting", due)
        for row in connection.execute(query.with_for_update()).all():
            others = select(_D.events).where(_D.run == row.run, _D.status == "acknowledged", _D.rule == row.rule)
            known = {event for found in connection.scalars(others) for event in found}
            values: dict[str, Any] = {"status": "pending"}
            if known >= {*row.events}:
                values = {"status": "acknowledged", "settled": now, "error": "It was acknowledged before."}
            connection.execute(update(deliveries).where(_D.position == row.position).values(values))

    def _ripe(self, notifier: str, now: float) -> Any:
        earlier = deliveries.alias()
        e = earlier.c
        line = and_(e.rule == _D.rule, e.source == _D.source, e.recipient == _D.recipient)
        before = exists().where(line, e.position < _D.position, e.status.in_(_BUSY), e.cooldown.is_not(None))
        told = and_(_Q.rule == _D.rule, _Q.source == _D.source, _Q.recipient == _D.recipient)
        hush = exists().where(told, _Q.until > now, _Q.since <= now + SLACK)
        alone = or_(_D.cooldown.is_(None), _D.attempts > 0, and_(~before, ~hush))
        due = or_(_D.due <= now, _D.due_set > now + SLACK)
        return select(deliveries).where(_D.notifier == notifier, _D.status == "pending", due, alone)

    def _begin(self, connection: Connection, row: Row[Any], now: float) -> Work:
        values: dict[str, Any] = {"status": "sending", "attempts": row.attempts + 1, "fixed": True}
        text, told_until = row.text, row.told_until
        if row.cooldown is not None and not row.fixed:
            last = connection.execute(
                select(quiet).where(
                    _Q.rule == row.rule, _Q.source == row.source, _Q.recipient == row.recipient
                )
            ).one_or_none()
            told_until = last.told_until if last else None
            text = worded(connection, row.run, row.events, told_until)
            values |= {"text": text, "told_until": told_until}
        connection.execute(update(deliveries).where(_D.position == row.position).values(values))
        began = {"delivery": row.position, "number": row.attempts + 1, "notifier": row.notifier, "began": now}
        attempt = connection.execute(attempts.insert().values(began)).inserted_primary_key
        assert attempt
        query = select(events).where(events.c.run == row.run, events.c.id.in_(row.events)).order_by(events.c.position)
        alert = Alert(
            id=row.alert,
            rule=row.rule,
            source=row.source,
            text=text,
            events=tuple(event_from(each) for each in connection.execute(query)),  # type: ignore[misc]  # near misses raise none
            time=row.time,
            wall=row.wall,
            snapshot=Path(row.snapshot) if row.snapshot else None,
        )
        delivery = Delivery(row.key, row.routes[row.route][1], row.attempts + 1, row.parts)
        return Work(row.position, attempt[0], alert, delivery, follows=told_until is not None)

    # Settling -----------------------------------------------------------------------------------------------------

    def _hush(self, connection: Connection, row: Row[Any], now: float) -> None:
        if row.cooldown is None:
            return
        ends = select(func.max(events.c.wall)).where(events.c.run == row.run, events.c.id.in_(row.events))
        last = connection.scalar(ends)
        line = {"rule": row.rule, "source": row.source, "recipient": row.recipient}
        until = {"since": now, "until": now + row.cooldown, "told_until": last.timestamp() if last else now}
        connection.execute(upsert(self._engine, quiet, [*line], [*until]), line | until)

    def _after(self, row: Row[Any], answer: Answer, parts: Mapping[str, str], now: float) -> dict[str, Any]:
        """What becomes of a delivery that was not sent."""
        late = now >= row.expires
        again = {"status": "pending", "due_set": now, "error": answer.error}
        if answer.what != "permanent" and not late:
            wait = pause(row.attempts, retry_after=answer.retry_after, random=self._random)
            touched = answer.what == "unknown" or bool(parts)
            return again | {"due": now + wait, "parts": parts, "fixed": touched or row.cooldown is None}
        if row.route + 1 < len(row.routes):
            route = row.route + 1
            name, lasts = row.routes[route][0], row.lasts[route]
            return again | {
                "due": now, "route": route, "notifier": name, "attempts": 0, "expires": now + lasts, "parts": {},
            }  # fmt: skip
        return {
            "status": "failed" if answer.what == "permanent" else "expired",
            "settled": now, "error": answer.error, "parts": parts,
        }  # fmt: skip

    def _note(self, connection: Connection, notifier: str, answer: Answer, now: float) -> None:
        """What an answer says of the whole notifier."""
        state: dict[str, Any] = {"failures": 0, "closed_since": now, "closed_until": 0.0, "cause": ""}
        wait = answer.closed_for or 0.0
        if answer.what in ("transient", "unknown"):
            row = connection.execute(select(notifiers).where(_N.name == notifier)).one_or_none()
            state["failures"] = failures = (row.failures if row else 0) + 1
            if failures >= PATIENCE:
                wait = max(wait, pause(failures - PATIENCE + 1, random=self._random))
        if wait:
            state |= {"closed_until": now + wait, "cause": answer.error}
        connection.execute(upsert(self._engine, notifiers, ["name"], [*state]), {"name": notifier, **state})

