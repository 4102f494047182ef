"""What became of alerts: for people who ask, and what they decide."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    Text,
    Update,
    and_,
    cast,
    func,
    select,
    update,
)

from instantreact_sdk.alerts.database import explained, shown
from instantreact_sdk.alerts.figures import Figures, read_figures
from instantreact_sdk.alerts.intake import SLACK
from instantreact_sdk.alerts.outboxed import Attempt, StoredDelivery
from instantreact_sdk.alerts.rows import delivery_from, storable
from instantreact_sdk.alerts.tables import attempts, deliveries, notifiers
from instantreact_sdk.alerts.writing import giving_way, writing
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed

OPEN = ("waiting", "pending", "sending")
"""Status of what is still to be told."""
DEAD = ("failed", "expired")
"""Status of what nobody was told, for good; it stays until it is tried again or acknowledged."""

_D = deliveries.c
_A = attempts.c
_LOOKED_AT = 1000
_HEXADECIMAL = re.compile(r"[0-9a-f]+")
_ANSWERED = (
    _D.position, _D.rule, _D.source, _D.recipient, _D.routes, _D.route, _D.parts, _D.receipt, _D.settled, _D.told_until,
)  # fmt: skip


class Ledger:
    """Reads the outbox, and takes what people say to it; any number of processes may.

    Args:
        engine: The store's.
        clock: Seconds of UTC.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def deliveries(
        self,
        *,
        status: Sequence[str] = (),
        run: str | None = None,
        alert: str | None = None,
        event: str | None = None,
        recipient: str | None = None,
        limit: int | None = 100,
    ) -> list[StoredDelivery]:
        """The latest deliveries, the last one first.

        Args:
            status: Only with one of these.
            run: Only of this run.
            alert: Only of this alert.
            event: Only those that tell of the event with this id.
            recipient: Only to this person or notifier.
            limit: At most so many; None for all.
        """
        query = select(deliveries).order_by(_D.position.desc()).limit(limit)
        query = query.where(_D.status.in_(status)) if status else query
        query = query.where(_D.run == run) if run is not None else query
        query = query.where(_D.alert == alert) if alert is not None else query
        query = query.where(cast(_D.events, Text).contains(event, autoescape=True)) if event is not None else query
        query = query.where(_D.recipient == recipient) if recipient is not None else query
        with explained(self._engine.url), self._engine.connect() as connection:
            return [delivery_from(row) for row in connection.execute(query)]

    def delivery(self, prefix: str) -> StoredDelivery:
        """The delivery whose key begins so, or the only one of the alert whose id does.

        Raises:
            InstantReactError: IR5030, there is none; IR5031, there are several.
        """
        found = self.meant(prefix)
        if len(found) > 1:
            raise _several(prefix, found)
        return found[0]

    def meant(self, prefix: str) -> list[StoredDelivery]:
        """The delivery whose key begins so, or all of the alert whose id does; those of its latest run, where several raised it.

        Raises:
            InstantReactError: IR5030, there is none; IR5031, it could be several of them.
        """
        with explained(self._engine.url), self._engine.connect() as connection:
            return self._meant(connection, prefix)

    def attempts(self, delivery: StoredDelivery) -> list[Attempt]:
        """All attempts, the first one first."""
        query = select(attempts).where(_A.delivery == delivery.position).order_by(_A.position)
        with explained(self._engine.url), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [Attempt(row.number, row.notifier, row.began, row.ended, row.outcome, row.error) for row in rows]

    @giving_way
    def retry(self, prefix: str | None = None) -> list[StoredDelivery]:
        """Try again what was given up, from its first route on, and what waits, at once and without its cooldown; they as they were.

        Args:
            prefix: Of a delivery's key or an alert's id; None for all that was given up.

        Raises:
            InstantReactError: IR5030, there is none; IR5031, it could be several.
        """
        now = self._clock()
        with writing(self._engine) as connection:
            if prefix is not None:
                found = [row for row in self._meant(connection, prefix) if row.status in (*DEAD, "pending")]
            else:
                dead = select(deliveries).where(_D.status.in_(DEAD)).order_by(_D.position).with_for_update()
                found = [delivery_from(row) for row in connection.execute(dead)]
            for row in found:
                values: dict[str, Any] = {"due": now, "due_set": now, "cooldown": None}
                if row.status in DEAD:
                    values |= {"route": 0, "notifier": row.routes[0][0], "attempts": 0, "parts": {}, "settled": None}
                    values |= {"status": "pending", "expires": now + row.lasts[0]}
                connection.execute(_change([row], row.status).values(values))
            names = {row.notifier for row in found} | {row.routes[0][0] for row in found}
            woken = update(notifiers).where(notifiers.c.name.in_(names)).values(closed_until=0.0, failures=0)
            connection.execute(woken)
        return found

    @giving_way
    def hasten(self) -> None:
        """Try what waits for its next attempt at once.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        now = self._clock()
        tried = select(_D.position).where(_D.status == "pending", _D.attempts > 0)
        in_order = tried.order_by(
            _D.position
        ).with_for_update()  # as who takes them, who would wait for us otherwise, and we for them
        with writing(self._engine) as connection:
            connection.execute(update(deliveries).where(_D.position.in_(in_order)).values(due=now, due_set=now))
            connection.execute(update(notifiers).values(closed_until=0.0))

    @giving_way
    def drop(self, prefix: str) -> list[StoredDelivery]:
        """Give up what has not been sent, and what was to follow; they as they were.

        Raises:
            InstantReactError: IR5030, there is none; IR5031, it could be several.
        """
        given_up = {"status": "failed", "error": "It was dropped by hand.", "settled": self._clock()}
        with writing(self._engine) as connection:
            found = [row for row in self._meant(connection, prefix) if row.status in OPEN]
            for row in found:
                values = {"status": "sent"} if row.settled is not None else given_up
                connection.execute(_change([row], *OPEN).values(values))
        return found

    @giving_way
    def acknowledge(self, prefix: str, by: str) -> list[StoredDelivery]:
        """Somebody has seen it: whoever was to be told unless somebody has is not told any more; they as they were.

        By its key, a delivery that is still to be sent is not sent any more. By its alert's id it is: others may have to be told, too.

        Args:
            prefix: Of a delivery's key or an alert's id.
            by: Who has seen it, and how.

        Raises:
            InstantReactError: IR5030, there is none; IR5031, it could be several.
        """
        with writing(self._engine) as connection:
            found = self._meant(connection, prefix)
            ends = [
                row
                for row in found
                if row.status in ("sent", "waiting", *DEAD)
                or (row.status in OPEN and (row.settled is not None or row.key.startswith(_plain(prefix))))
            ]
            self._acknowledge(connection, ends, by)
        return ends

    @giving_way
    def replied(
        self, notifier: str, address: str, receipt: str = "", time: datetime | None = None
    ) -> StoredDelivery | None:
        """A recipient answered that they have seen it: acknowledge what they mean.

        That is the message that they answered to. Where nobody says which, it is the last one that was sent before they answered;
        and where that told of more since another one, that one, too.

        Args:
            notifier: By which they answered.
            address: Theirs.
            receipt: What the service calls the message that they answered to, or nothing.
            time: When, by the service's clock, which may differ from ours by a minute; by default now.

        Returns:
            What they mean; None where nothing was sent there.
        """
        moment = time.timestamp() if time else self._clock()
        told = (_D.notifier == notifier, _D.settled.is_not(None), _D.status.in_(["acknowledged", "sent", *OPEN]))
        query: Select[Any] = (
            select(*_ANSWERED).where(*told).order_by(_D.settled.desc(), _D.position.desc()).limit(_LOOKED_AT)
        )
        with explained(self._engine.url), self._engine.connect() as connection:  # others write meanwhile
            rows = connection.execute(query).all()
        own = [row for row in rows if row.routes[row.route][1] == address and "text" in row.parts]
        named = [row for row in own if receipt in (row.receipt, *row.parts.values())]
        positions = [row.position for row in (named[:1] if receipt else _before(own, moment))]
        if not positions:
            return None
        these = select(deliveries).where(_D.position.in_(positions)).order_by(_D.position).with_for_update()
        with writing(self._engine) as connection:
            meant = {row.position: delivery_from(row) for row in connection.execute(these)}
            self._acknowledge(connection, [*meant.values()], by=meant[positions[0]].recipient)
        return meant[positions[0]]

    def figures(self) -> Figures:
        """How the outbox is doing."""
        return read_figures(self._engine, self._clock())

    def _acknowledge(self, connection: Connection, rows: Sequence[StoredDelivery], by: str) -> None:
        now = self._clock()
        values = {"status": "acknowledged", "acknowledged": now, "acknowledged_by": by[:64]}
        change = _change(rows, "sent", *OPEN, *DEAD).values(values | {"settled": func.coalesce(_D.settled, now)})
        connection.execute(change)

    def _meant(self, connection: Connection, prefix: str) -> list[StoredDelivery]:
        wanted = _plain(prefix)
        found = self._where(connection, _D.key == wanted, _D.alert == wanted)
        if not found and _HEXADECIMAL.fullmatch(wanted):
            begins = [and_(column >= wanted, column < f"{wanted}g") for column in (_D.key, _D.alert)]
            found = self._where(connection, *begins)
        if not found:
            raise InstantReactError("IR5030", url=shown(self._engine.url), id=prefix)
        by_key = [row for row in found if row.key.startswith(wanted)]
        by_alert = [row for row in found if row.alert.startswith(wanted)]
        exactly = [row for row in by_alert if row.alert == wanted]
        if len({row.alert for row in by_alert}) + len(by_key) > 1 and not exactly:
            raise _several(prefix, found)
        if len(by_key) == 1 and not exactly:
            return by_key
        return [row for row in reversed(by_alert) if row.run == by_alert[0].run]

    def _where(self, connection: Connection, *each: ColumnElement[bool]) -> list[StoredDelivery]:
        """All of which one of these is true, the last one first; each has an index of its own."""
        found = {
            row.position: delivery_from(row)
            for condition in each
            for row in connection.execute(select(deliveries).where(condition).limit(_LOOKED_AT))
        }
        return [found[position] for position in sorted(found, reverse=True)]


def _plain(prefix: str) -> str:
    return storable(prefix).strip().lower()


def _several(prefix: str, rows: Sequence[StoredDelivery]) -> InstantReactError:
    some = listed((f"{row.key[:8]} ({row.recipient})" for row in rows[:5]), "and")
    return InstantReactError("IR5031", id=prefix, count=len(rows), ids=some)


def _change(rows: Sequence[StoredDelivery], *status: str) -> Update:
    return update(deliveries).where(_D.position.in_([row.position for row in rows]), _D.status.in_(status))


def _before(own: Sequence[Row[Any]], moment: float) -> Iterator[Row[Any]]:
    """What an answer means that does not say so, the last one first.

    Args:
        own: What was sent to whoever answered, the last one first.
        moment: When they answered.
    """
    certain = [row for row in own if row.settled <= moment]
    possible = [row for row in own if row.settled <= moment + SLACK][-1:]
    line: tuple[str, ...] | None = None
    for row in certain or possible:
        if line is None:
            line = (row.rule, row.source, row.recipient)
        if line == (row.rule, row.source, row.recipient):
            yield row
            if row.told_until is None:
                return
