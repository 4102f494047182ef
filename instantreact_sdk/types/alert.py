"""An event to be told to people, and how telling them went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from instantreact_sdk.types.event import Event
from instantreact_sdk.types.observation import VERSION


@dataclass(frozen=True, slots=True)
class Alert:
    """One message: an event, with the later ones of the same rule and source that were merged into it.

    Attributes:
        id: Stable name of the alert.
        rule: The rule that raised it.
        source: The source it is about.
        text: The message, ready to send: one or two sentences.
        events: The events that it tells, in time order, at least one.
        time: When it is due, seconds since the source's ``open()``.
        wall: The same moment in UTC; None for files.
        snapshot: A JPEG of the first event with its boxes drawn, or None; given only where ``attach`` allows it to leave.
        clip: An MP4 from 5 s before the first event to 5 s after it, or None; given only where ``attach`` allows it to leave. It is not
            there at once: it often comes with a later attempt, in which the text is in `Delivery.done`.
    """

    id: str
    rule: str
    source: str
    text: str
    events: tuple[Event, ...]
    time: float
    wall: datetime | None = None
    snapshot: Path | None = None
    clip: Path | None = None

    def line(self) -> dict[str, Any]:
        """As one line of ``alerts.jsonl``: keys in their fixed order, floats to 5 decimals, events by their ids."""
        return {
            "v": VERSION,
            "id": self.id,
            "rule": self.rule,
            "source": self.source,
            "time": round(self.time, 5),
            "wall": self.wall.isoformat() if self.wall else None,
            "text": self.text,
            "events": [event.id for event in self.events],
            "snapshot": str(self.snapshot) if self.snapshot else None,
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert to one recipient.

    Attributes:
        key: Idempotency key: the same for every attempt of this delivery.
        recipient: Address in the notifier's own terms (a PSID, a number); empty where the notifier itself is the recipient.
        attempt: 1 for the first on this route.
        done: Parts that were sent in earlier attempts on this route (``text``, ``snapshot``, ``clip``), with what the service called
            them: they must not be sent again.
    """

    key: str
    recipient: str = ""
    attempt: int = 1
    done: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The service took the message.

    Attributes:
        id: What the service calls it; empty where it does not say.
        parts: The parts that were sent, by name, with what the service calls them.
    """

    id: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """A recipient answered.

    Attributes:
        recipient: Who, in the notifier's own terms.
        text: What they wrote, or the payload of the button that they pressed.
        to: What they answered to, by its `Receipt.id` or as `Receipt.parts` calls it; empty where the service does not say.
        time: When, in UTC.
        data: What else the service told; JSON-able.
    """

    recipient: str
    text: str
    time: datetime
    to: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
