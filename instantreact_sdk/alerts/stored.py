"""What the store keeps, as values."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from typing import Literal

from instantreact_sdk.types import Event, NearMiss


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event.

    Attributes:
        what: It raised an alert, was ``merged`` into an earlier one, or there was nobody to tell (``untold``).
        alert: Id of the alert; empty for ``untold``.
        until: End of the cooldown because of which it was merged, seconds since the source's ``open()``.
    """

    what: Literal["alerted", "merged", "untold"]
    alert: str = ""
    until: float | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event, or what nearly was one.

    Attributes:
        event: What happened; for a near miss its trace tells what was missing.
        outcome: What became of it; None for a near miss, and as long as it is not known.
        run: The run that it belongs to; the store sets it.
    """

    event: Event | NearMiss
    outcome: Outcome | None = None
    run: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a pipeline.

    Attributes:
        id: 12 hexadecimal digits, by chance.
        config: The pipeline file, as it was named; empty where there was none.
        started: In UTC.
        ended: In UTC; None while it runs, and for ever where it was killed.
        version: Of the SDK.
    """

    id: str
    config: str
    started: datetime
    ended: datetime | None
    version: str


def run_id() -> str:
    """An id for a run, by chance."""
    return secrets.token_hex(6)


def alert_id(first: str) -> str:
    """The id of the alert whose first event this is.

    Args:
        first: The event's id.
    """
    return blake2s(f"alert\0{first}".encode(), digest_size=6).hexdigest()
