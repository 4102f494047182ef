"""What the outbox tells of itself, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

STATUSES = ("noted", "waiting", "pending", "sending", "sent", "acknowledged", "failed", "expired")
"""How a delivery may stand, see `StoredDelivery.status`."""


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """One alert to one recipient, as it stands.

    Attributes:
        position: Its place in the outbox.
        key: Idempotency key, 24 hexadecimal digits.
        run: The run that raised it.
        alert: Id of the alert.
        rule: The rule.
        source: The source.
        recipient: The person or notifier of the pipeline file.
        text: What it says.
        events: Ids of its events, in order.
        time: When it came about, seconds since the source's ``open()``.
        wall: The same moment in UTC; None for files.
        snapshot: A path, or nothing.
        clip: A path, or nothing.
        status: ``waiting`` (for an acknowledgement), ``pending``, ``sending``, ``sent``, ``acknowledged``, ``failed`` or ``expired``;
            ``noted`` where the run was to tell nobody.
        routes: Notifiers and addresses, in order.
        lasts: For how many seconds each is tried.
        route: Which one it is on, from 0.
        attempts: Made on it.
        created: When it was raised; this and what follows in seconds of UTC.
        due: When it is tried next.
        expires: When this route is given up.
        settled: When it was sent or given up; None while it is neither.
        acknowledged: When somebody said that they had seen it.
        acknowledged_by: Who said so, and how: a recipient's name, ``outbox ack``; nothing while nobody has.
        parts: What was sent of it, with what the service calls it.
        receipt: What the service calls the message.
        error: Why the last attempt failed.
        durable: Whether it was in the store before anybody was told; otherwise the store could not be written to.
    """

    position: int
    key: str
    run: str
    alert: str
    rule: str
    source: str
    recipient: str
    text: str
    events: tuple[str, ...]
    time: float
    wall: datetime | None
    snapshot: str
    clip: str
    status: str
    routes: tuple[tuple[str, str], ...]
    lasts: tuple[float, ...]
    route: int
    attempts: int
    created: float
    due: float
    expires: float
    settled: float | None
    acknowledged: float | None
    acknowledged_by: str
    parts: Mapping[str, str]
    receipt: str
    error: str
    durable: bool

    @property
    def notifier(self) -> str:
        """That of the present route."""
        return self.routes[self.route][0]

    @property
    def address(self) -> str:
        """The recipient's there."""
        return self.routes[self.route][1]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try.

    Attributes:
        number: From 1 on each route.
        notifier: By which.
        began: Seconds of UTC.
        ended: Seconds of UTC; None where nobody has seen its end.
        outcome: ``sent``, ``transient``, ``permanent`` or ``unknown``; ``broken off`` where the process died; empty while it lasts.
        error: Why it failed.
    """

    number: int
    notifier: str
    began: float
    ended: float | None
    outcome: str
    error: str
