"""What waits in the outbox: taking it out, and writing down how it went."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, and_, exists, or_, select, update

from instantreact_sdk.alerts.backoff import LONGEST, pause
from instantreact_sdk.alerts.clips import CLIP_LASTS, follow
from instantreact_sdk.alerts.database import explained
from instantreact_sdk.alerts.intake import SLACK, events_of, worded
from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.alerts.ripe import ripe
from instantreact_sdk.alerts.rows import delivery_from, storable
from instantreact_sdk.alerts.statements import (
    BEGUN,
    CHANGED,
    ENDED,
    FROM_THE_FUTURE,
    HELD,
    LAST,
    NEXT,
    ROW,
    STATE,
    TOLD_UNTIL,
)
from instantreact_sdk.alerts.tables import attempts, deliveries, notifiers, quiet
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.alerts.writing import giving_way, writing
from instantreact_sdk.types import Alert, Delivery

PATIENCE = 5
"""So many failures in a row, and a notifier is left alone for a while: then one delivery tries whether it works again."""

_D = deliveries.c
_N = notifiers.c
_A = attempts.c

_LOOKED_AT = 1000
_LATEST = 100
_ENDED = "The process ended meanwhile."

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
        clock: Seconds of UTC; also an attribute.
        random: Shortens and lengthens pauses.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time, random: Random | None = None) -> None:
        self._engine = engine
        self.clock = clock
        self._random = random or Random()  # noqa: S311  (no secret depends on it)

    @giving_way
    def recover(self, notifier: str) -> int:
        """Take back what an earlier holder had begun; how many there were. Some of it may have arrived.

        The one that was being called waits as after a failure, so that where the process dies of it, it does not hold up the others;
        those keep their order.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        now = self.clock()
        query = select(deliveries).where(_D.notifier == notifier, _D.status == "sending").order_by(_D.position)
        with writing(self._engine) as connection:
            begun = connection.execute(query.with_for_update()).all()
            for row in begun:
                broken = update(attempts).where(_A.delivery == row.position, _A.outcome == "")
                connection.execute(broken.values(outcome="broken off"))
                called = row is begun[0]  # they are told in order
                due = now + (pause(row.attempts - 1, random=self._random) if called and row.attempts > 1 else 0.0)
                back = {"status": "pending", "due": due, "due_set": now, "error": _ENDED}
                if called and row.attempts >= PATIENCE and now >= row.expires:  # it may be what the process dies of
                    back = self._elsewhere(row, "expired", _ENDED, row.parts, now)
                back["fixed"] = True
                connection.execute(CHANGED, {"at": row.position, **back})
        return len(begun)

    @giving_way
    def take(self, notifier: str, most: int) -> list[Work]:
        """What is to be sent now by one notifier, in the order in which it came; each is written down as begun.

        Args:
            notifier: Its name.
            most: At most so many; one, where it was left alone for its failures.

        Raises:
            InstantReactError: IR5003 to IR5006; nothing was begun.
        """
        now = self.clock()
        with writing(self._engine) as connection:
            state = connection.execute(STATE, {"name": notifier}).one_or_none()
            if state and state.closed_until > now and state.closed_since <= now + SLACK:
                return []
            self._escalate(connection, notifier, now)
            tired = bool(state and state.failures >= PATIENCE)
            found = connection.execute(ripe(notifier, now).limit(1 if tired else most).with_for_update()).all()
            return [self._begin(connection, row, now) for row in found]

    @giving_way
    def give_back(self, works: Sequence[Work]) -> None:
        """What was taken and not tried.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        mine = (_A.position.in_([work.attempt for work in works]), _A.outcome == "")  # no other process has taken over
        again = {"status": "pending", "attempts": _D.attempts - 1}
        with writing(self._engine) as connection:
            given = connection.scalars(select(_A.delivery).where(*mine)).all()
            connection.execute(attempts.delete().where(*mine))
            still = (_D.position.in_(given), _D.status == "sending")  # some may have been dropped meanwhile
            connection.execute(update(deliveries).where(*still).values(again))

    @giving_way
    def settle(self, work: Work, answer: Answer) -> StoredDelivery:
        """Write down how an attempt went; the delivery as it is after it.

        Raises:
            InstantReactError: IR5003 to IR5006; nothing of it is written.
        """
        now = self.clock()
        answer = replace(answer, error=storable(answer.error), receipt=storable(answer.receipt))
        here = {"at": work.position}
        with writing(self._engine) as connection:
            row = connection.execute(ROW.with_for_update(), here).one()
            ended = {"ended": now, "outcome": answer.what, "error": answer.error}
            known = connection.execute(ENDED, {"at": work.attempt, **ended}).rowcount
            if known:
                self._note(connection, row.notifier, answer, now)
            still = known and row.status == "sending"
            # It was dropped or acknowledged meanwhile, or another process has taken over, which need not send what was sent.
            if not still and (answer.what != "sent" or row.status in ("sending", "sent")):
                return delivery_from(row)
            values = self._sent(row, answer, now) if answer.what == "sent" else self._after(row, answer, now)
            if "text" in values["parts"] and "text" not in row.parts:
                values["fixed"] = True
                self._hush(connection, row, now)
            connection.execute(CHANGED, {"at": row.position, **values})
            return delivery_from(connection.execute(ROW, here).one())

    @giving_way
    def pass_on(self, notifier: str, cause: str = "") -> list[StoredDelivery]:
        """What a notifier that cannot be called has not told in time takes its next route, or is given up.

        Args:
            notifier: Its name.
            cause: Why it cannot be called; empty where the outbox itself has closed it, and knows.

        Returns:
            Those that were changed, as they are after it.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        now = self.clock()
        with writing(self._engine) as connection:
            state = connection.execute(STATE, {"name": notifier}).one_or_none()
            shut = bool(state and state.closed_until > now and state.closed_since <= now + SLACK)
            if not cause and not shut:
                return []
            self._escalate(connection, notifier, now)
            opens = state.closed_until if shut and state else now
            late = (_D.notifier == notifier, _D.status == "pending", _D.expires <= max(now, opens))
            changed = []
            found = select(deliveries).where(*late).order_by(_D.position).with_for_update()
            for row in connection.execute(found).all():
                if row.expires > now and (row.route + 1 == len(row.routes) or "text" in row.parts):
                    continue  # there is nothing better than to wait
                values = self._elsewhere(row, "expired", cause or state.cause, row.parts, now)  # type: ignore[union-attr]  # it is shut, so it is there
                if _missed(row, now):
                    values = {"expires": now + row.lasts[row.route]}
                connection.execute(CHANGED, {"at": row.position, **values})
                changed.append(row.position)
            rows = connection.execute(select(deliveries).where(_D.position.in_(changed)).order_by(_D.position))
            return [delivery_from(row) for row in rows]

    def next(self, notifier: str) -> float | None:
        """When something of one notifier will be due at the earliest, in seconds of UTC; None while nothing waits.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        now = self.clock()
        with explained(self._engine.url), self._engine.connect() as connection:
            found = [connection.scalar(NEXT, {"name": notifier, "status": one}) for one in ("pending", "waiting")]
            due = min((one for one in found if one is not None), default=None)
            if due is not None and due > now:  # that may have been decided at what is the future now
                latest = {"name": notifier, "latest": now + SLACK}
                due = now if connection.scalar(FROM_THE_FUTURE, latest) is not None else due
        return due

    def waiting(self, *, retries: bool) -> bool:
        """Whether something is to be sent by any notifier, or on its way.

        Args:
            retries: Whether what is due later counts.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        pending = _D.status == "pending" if retries else and_(_D.status == "pending", _D.due <= self.clock())
        query = select(_D.position).where(or_(pending, _D.status == "sending")).limit(1)
        with explained(self._engine.url), self._engine.connect() as connection:
            return connection.scalar(query) is not None

    # Taking -------------------------------------------------------------------------------------------------------

    def _escalate(self, connection: Connection, notifier: str, now: float) -> None:
        """What waits for an acknowledgement has it, or waits no longer."""
        due = or_(_D.due <= now, _D.due_set > now + SLACK)
        query = select(deliveries).where(_D.notifier == notifier, _D.status == "waiting", due)
        for row in connection.execute(query.order_by(_D.position).with_for_update()).all():
            about = (_D.run == row.run, _D.rule == row.rule, _D.source == row.source, _D.status == "acknowledged")
            what = select(_D.events, _D.acknowledged, _D.acknowledged_by).where(*about)
            others = connection.execute(what.order_by(_D.acknowledged.desc()).limit(_LOOKED_AT)).all()
            known = {event for other in others for event in other.events}
            unknown = [event for event in events_of(connection, row.run, row.events) if event.id not in known]
            values: dict[str, Any] = {"status": "pending"}
            if not unknown:
                values = {"status": "acknowledged", "settled": now, "acknowledged": others[0].acknowledged}
                values |= {"acknowledged_by": others[0].acknowledged_by, "error": "It was acknowledged before."}
            elif unknown[0].id != row.events[0] and unknown[0].wall:
                due = unknown[0].wall.timestamp() + row.after  # whoever is told before has as long for later events
                if now < due <= now + row.after:
                    values = {"due": due, "due_set": now, "expires": due + row.lasts[0]}
            connection.execute(CHANGED, {"at": row.position, **values})

    def _begin(self, connection: Connection, row: Row[Any], now: float) -> Work:
        values: dict[str, Any] = {"status": "sending", "attempts": row.attempts + 1, "clip_due": False}
        text, told_until = row.text, row.told_until
        found = events_of(connection, row.run, row.events)
        if row.cooldown is not None and not row.fixed:
            line = {"rule": row.rule, "source": row.source, "recipient": row.recipient}
            # What came after the cooldown is no "more".
            told_until = connection.scalar(TOLD_UNTIL, {**line, "created": row.created, "latest": now + SLACK})
            text = worded(found, told_until)
            values |= {"text": text, "told_until": told_until}
        follows = told_until is not None
        if row.cooldown is None and follows:  # that was decided when it was raised; but what it follows may have failed
            whom = (_D.run == row.run, _D.rule == row.rule, _D.source == row.source, _D.recipient == row.recipient)
            earlier = (_D.position < row.position, _D.status.in_(["sent", "acknowledged"]))
            follows = bool(connection.scalar(select(exists().where(*whom, *earlier))))
        if row.attempts == 0 or _missed(row, now):
            values["expires"] = now + row.lasts[row.route]
        connection.execute(CHANGED, {"at": row.position, **values})
        began = {"delivery": row.position, "number": row.attempts + 1, "notifier": row.notifier, "began": now}
        attempt = connection.execute(BEGUN, began).inserted_primary_key
        assert attempt
        alert = Alert(
            id=row.alert,
            rule=row.rule,
            source=row.source,
            text=text,
            events=tuple(found),
            time=row.time,
            wall=row.wall,
            snapshot=Path(row.snapshot) if row.snapshot else None,
            clip=Path(row.clip) if row.clip else None,
        )
        delivery = Delivery(row.key, row.routes[row.route][1], row.attempts + 1, row.parts)
        return Work(row.position, attempt[0], alert, delivery, follows)

    # Settling -----------------------------------------------------------------------------------------------------

    def _hush(self, connection: Connection, row: Row[Any], now: float) -> None:
        if row.cooldown is None:
            return
        last = connection.scalar(LAST, {"run": row.run, "ids": row.events[-_LATEST:]})
        line = {"rule": row.rule, "source": row.source, "recipient": row.recipient}
        end = now + row.cooldown
        until = {"since": now, "until": end, "told_until": last.timestamp() if last else now}
        connection.execute(upsert(self._engine, quiet, [*line], [*until]), line | until)
        if row.cooldown:
            held = {f"of_{name}": value for name, value in line.items()}
            connection.execute(HELD, {**held, "end": end, "now": now, "but": row.position})

    def _sent(self, row: Row[Any], answer: Answer, now: float) -> dict[str, Any]:
        """What becomes of a delivery that was sent; a clip that came meanwhile follows."""
        known = row.acknowledged is not None
        status = {"status": "acknowledged"} if known else follow(now) if row.clip_due else {"status": "sent"}
        return status | {
            "settled": row.settled if "text" in row.parts else now,
            "receipt": row.receipt or answer.receipt,
            "parts": {"text": answer.receipt, **row.parts, **_storable(answer.parts)},
            "error": "",
        }

    def _after(self, row: Row[Any], answer: Answer, now: float) -> dict[str, Any]:
        """What becomes of a delivery that was not sent."""
        parts = {**row.parts, **_storable(answer.parts)}
        if answer.what == "permanent" or now >= row.expires:
            status = "failed" if answer.what == "permanent" else "expired"
            return self._elsewhere(row, status, answer.error, parts, now)
        due = now + pause(row.attempts, retry_after=answer.retry_after, random=self._random)
        told = "text" in parts
        if due > row.expires and row.route + 1 < len(row.routes) and not told:
            return self._elsewhere(row, "expired", answer.error, parts, now, begins=row.expires)
        values = {
            "status": "pending", "due": due, "due_set": now, "parts": parts, "error": answer.error,
            "fixed": row.fixed or answer.what == "unknown" or bool(parts),
        }  # fmt: skip
        if (
            told and row.settled is None
        ):  # who has the words is told, and what comes later need not wait for the picture
            values |= {"settled": now, "expires": now + CLIP_LASTS}
        return values

    def _elsewhere(
        self, row: Row[Any], status: str, error: str, parts: Mapping[str, str], now: float, begins: float = 0.0
    ) -> dict[str, Any]:
        """What becomes of a delivery for which nothing more can be done on its route."""
        if "text" in parts:  # who has the words is told; another route would tell the same again
            return {"status": "sent", "settled": row.settled or now, "parts": parts, "error": error}
        if row.route + 1 < len(row.routes):
            route, due = row.route + 1, max(now, begins)
            return {
                "status": "pending", "due": due, "due_set": now, "route": route, "notifier": row.routes[route][0],
                "attempts": 0, "expires": due + row.lasts[route], "parts": {}, "error": error,
            }  # fmt: skip
        return {"status": status, "settled": now, "error": error, "parts": parts}

    def _note(self, connection: Connection, notifier: str, answer: Answer, now: float) -> None:
        """What an answer says of the whole notifier."""
        state: dict[str, Any] = {"failures": 0, "closed_since": now, "closed_until": 0.0, "cause": ""}
        wait = answer.closed_for or 0.0
        if answer.what in ("transient", "unknown"):
            row = connection.execute(STATE, {"name": notifier}).one_or_none()
            state["failures"] = failures = (row.failures if row else 0) + 1
            if failures >= PATIENCE:
                wait = max(wait, pause(failures - PATIENCE + 1, random=self._random))
        if wait:
            state |= {"closed_until": now + wait, "cause": answer.error}
        connection.execute(upsert(self._engine, notifiers, ["name"], [*state]), {"name": notifier, **state})


def _missed(row: Row[Any], now: float) -> bool:
    """Whether nobody was there when the time of a last route ran out: the machine was off, or its clock wrong. It begins anew."""
    return row.settled is None and row.route + 1 == len(row.routes) and now - row.expires > LONGEST


def _storable(parts: Mapping[str, str]) -> dict[str, str]:
    return {storable(name): storable(value) for name, value in parts.items()}
