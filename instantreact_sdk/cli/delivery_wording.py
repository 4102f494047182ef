"""How a delivery stands, in words and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from instantreact_sdk.alerts.outboxed import Attempt, StoredDelivery

TICK = ("✓ ", "green")
CROSS = ("✗ ", "red")
DASH = ("- ", "yellow")

_MARKS = {"sent": TICK, "acknowledged": TICK, "failed": CROSS, "expired": CROSS}
_MOMENTS = ("created", "due", "expires", "settled", "acknowledged", "began", "ended")
_UNITS = ((86_400, "days", 0, 2), (3600, "h", 0, 2), (60, "min", 0, 2), (1, "s", 0, 10), (1, "s", 2, 0))
"""Seconds, name, decimals, and from how many on it is used."""
_SHOWN = 4  # characters of an address


def mark_of(delivery: StoredDelivery) -> tuple[str, str]:
    """A sign and its colour: told, given up, or neither."""
    return TICK if delivery.settled and delivery.status == "pending" else _MARKS.get(delivery.status, DASH)


def state_of(delivery: StoredDelivery) -> str:
    """What became of it so far, and what comes next."""
    settled, error = moment(delivery.settled), delivery.error.rstrip(".")
    by = f" by {delivery.acknowledged_by}" if delivery.acknowledged_by else ""
    words = {
        "noted": "written down, not sent",
        "waiting": f"told at {moment(delivery.due)} unless somebody acknowledges it before",
        "pending": _pending(delivery),
        "sending": "is being sent",
        "sent": f"sent at {settled}{', but not all of it' if error else ''}",
        "acknowledged": f"acknowledged{by} at {moment(delivery.acknowledged)}",
        "failed": f"given up at {settled}",
        "expired": f"given up at {settled}, after too long",
    }
    told = delivery.status in ("noted", "acknowledged")
    return f"{words[delivery.status]}{f': {error}' if error and not told else ''}"


def _pending(delivery: StoredDelivery) -> str:
    if delivery.settled is not None:
        return f"sent at {moment(delivery.settled)}, the rest follows at {moment(delivery.due)}"
    if delivery.attempts:
        return f"tried {times(delivery.attempts)} by {delivery.notifier}, again at {moment(delivery.due)}"
    return f"to be sent by {delivery.notifier} at {moment(delivery.due)}"


def moment(seconds: float | None) -> str:
    """Seconds of UTC, as people read them."""
    return "?" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"


def times(number: int) -> str:
    """``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def span(seconds: float) -> str:
    """A time in its largest unit: ``0.4 s``, ``40 s``, ``3 min``, ``2 h``, ``5 days``."""
    size, unit, decimals = next(unit[:3] for unit in _UNITS if seconds >= unit[0] * unit[3])
    return f"{seconds / size:.{decimals}f} {unit}"


def shortened(address: str) -> str:
    """An address so that its owner knows it and nobody else can use it: it is printed, and shown to others."""
    return f"...{address[-min(_SHOWN, len(address) // 2) :]}" if len(address) > 1 else address


def delivery_json(delivery: StoredDelivery) -> dict[str, Any]:
    """All that is known of it; moments in seconds of UTC, and written out beside them."""
    row = asdict(delivery)
    routes = [{"notifier": notifier, "address": address} for notifier, address in delivery.routes]
    return with_moments(row) | {"wall": delivery.wall.isoformat() if delivery.wall else None, "routes": routes}


def attempt_json(attempt: Attempt) -> dict[str, Any]:
    """All that is known of it, in the same way."""
    return with_moments(asdict(attempt))


def with_moments(row: Mapping[str, Any]) -> dict[str, Any]:
    """Beside each moment in seconds, ``..._at`` has it written out."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        found[name] = value
        if name in _MOMENTS:
            found[f"{name}_at"] = None if value is None else datetime.fromtimestamp(value, UTC).isoformat()
    return found
