"""What became of alerts: for people who ask, and what they decide."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, or_, select, update

from instantreact_sdk.alerts.database import explained, shown
from instantreact_sdk.alerts.figures import Figures, read_figures
from instantreact_sdk.alerts.outboxed import Attempt, StoredDelivery
from instantreact_sdk.alerts.rows import delivery_from
from instantreact_sdk.alerts.tables import attempts, deliveries, notifiers
from instantreact_sdk.alerts.writing import writing
from instantreact_sdk.errors import InstantReactError

OPEN = ("waiting", "pending", "sending")
"""Status of what is still to be told."""
DEAD = ("failed", "expired")
"""Status of what nobody was told, for good; it stays until it is tried again or dropped."""

_D = deliveries.c
_A = attempts.c


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
        recipient: str | None = None,
        limit: int | None = 100,
    ) -> list[StoredDelivery]:
        """The latest deliveries, the last one first.

        Args:
            status: Only with one of these.
            run: Only of this run.
            alert: Only of this alert.
            recipient: Only to this person or notifier.
            limit: At most so many; None for all.
        """
        query = select(deliveries).order_by(_D.position.desc()).limit(limit)
        query = query.where(_D.status.in_(status)) if status else query
        query = query.where(_D.run == run) if run is not None else query
        query = query.where(_D.alert == alert) if alert is not None else query
        query = query.where(_D.recipient == recipient) if recipient is not None else query
        with explained(self._engine.url), self._engine.connect() as connection:
            return [delivery_from(row) for row in connection.execute(query)]

    def delivery(self, prefix: str) -> StoredDelivery:
        """The delivery whose key begins so, or the only one of the alert whose id does.

        Raises:
            InstantReactError: IR5030, there is none; IR5031, there are several.
        """
        found = self._meant(prefix)
        if len(found) > 1:
            keys = ", ".join(f"{row.key[:8]} ({row.recipient})" for row in found[:5])
            raise InstantReactError("IR5031", id=prefix, count=len(found), ids=keys)
        return found[0]

    def attempts(self, delivery: StoredDelivery) -> list[Attempt]:
        """All attempts, the first one first."""
        query = select(attempts).where(_A.delivery == delivery.position).order_by(_A.position)
        with explained(self._engine.url), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [Attempt(row.number, row.notifier, row.began, row.ended, row.outcome, row.error) for row in rows]

    def retry(self, prefix: str | None = None) -> int:
        """Try again what was given up, from its first route on, and what waits, at once; how many there are.

        Args:
            prefix: Of a delivery's key or an alert's id; None for all that was given up.

        Raises:
            InstantReactError: IR5030, there is none.
        """
        now = self._clock()
        rows = self._meant(prefix) if prefix is not None else self.deliveries(status=DEAD, limit=None)
        again = 0
        with writing(self._engine) as connection:
            for row in rows:
                values: dict[str, Any] = {"due": now, "due_set": now}
                if row.status in DEAD:
                    values |= {"route": 0, "notifier": row.routes[0][0], "attempts": 0, "parts": {}, "settled": None}
                    values |= {"status": "pending", "expires": now + row.lasts[0]}
                is_so = (_D.position == row.position, _D.status.in_([*DEAD, "pending"]))
                again += connection.execute(update(deliveries).where(*is_so).values(values)).rowcount
            names = {row.notifier for row in rows} | {row.routes[0][0] for row in rows}
            woken = update(notifiers).where(notifiers.c.name.in_(names)).values(closed_until=0.0, failures=0)
            connection.execute(woken)
        return again

    def drop(self, prefix: str) -> int:
        """Give up what has not been sent; how many there were.

        Raises:
            InstantReactError: IR5030, there is none.
        """
        return self._end(
            prefix, (*OPEN,), {"status": "failed", "error": "It was dropped by hand.", "settled": self._clock()}
        )

    def acknowledge(self, prefix: str) -> int:
        """Somebody has seen it: what waits for that is not told any more; how many there were.

        Raises:
            InstantReactError: IR5030, there is none.
        """
        now = self._clock()
        return self._end(
            prefix, ("sent", *OPEN, *DEAD), {"status": "acknowledged", "acknowledged": now, "settled": now}
        )

    def replied(self, notifier: str, address: str, receipt: str = "") -> StoredDelivery | None:
        """A recipient answered: acknowledge what they answered to, or else the last that was sent there.

        Args:
            notifier: By which they answered.
            address: Theirs.
            receipt: What the service calls the message that they answered to, or nothing.
        """
        query = select(deliveries).where(_D.notifier == notifier, _D.status.in_(["sent", "acknowledged"]))
        query = query.order_by(_D.settled.desc(), _D.position.desc()).limit(1000)
        with explained(self._engine.url), self._engine.connect() as connection:
            rows = [delivery_from(row) for row in connection.execute(query)]
        own = [row for row in rows if row.address == address]
        meant = next((row for row in own if receipt and receipt == row.receipt), own[0] if own else None)
        if meant and meant.status == "sent":
            self.acknowledge(meant.key)
        return meant

    def figures(self) -> Figures:
        """How the outbox is doing."""
        return read_figures(self._engine, self._clock())

    def _meant(self, prefix: str) -> list[StoredDelivery]:
        wanted = prefix.strip().lower()
        begins: ColumnElement[bool] = or_(
            _D.key.startswith(wanted, autoescape=True), _D.alert.startswith(wanted, autoescape=True)
        )
        with explained(self._engine.url), self._engine.connect() as connection:
            rows = connection.execute(select(deliveries).where(begins).order_by(_D.position.desc()).limit(1000)).all()
        if not wanted or not rows:
            raise InstantReactError("IR5030", url=shown(self._engine.url), id=prefix)
        return [delivery_from(row) for row in rows]

    def _end(self, prefix: str, status: Sequence[str], values: dict[str, Any]) -> int:
        positions = [row.position for row in self._meant(prefix)]
        change = update(deliveries).where(_D.position.in_(positions), _D.status.in_(status)).values(values)
        with writing(self._engine) as connection:
            return int(connection.execute(change).rowcount)
