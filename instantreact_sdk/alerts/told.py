"""What became of an alert, as one line of ``alerts.jsonl``."""

from __future__ import annotations

from typing import Any

from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.types import VERSION, Alert


def alert_line(alert: Alert, recipient: str, *, delivered: bool, error: str = "") -> dict[str, Any]:
    """The line of an alert to one recipient.

    Args:
        alert: It.
        recipient: A person or a notifier of the pipeline file.
        delivered: Whether a notifier took it.
        error: Why not; empty where nobody was to be told, and where nobody knows yet.
    """
    line = {
        "v": VERSION,
        "id": alert.id,
        "rule": alert.rule,
        "source": alert.source,
        "recipient": recipient,
        "time": round(alert.time, 5),
        "text": alert.text,
        "events": [event.id for event in alert.events],
        "delivered": delivered,
    }
    return line | ({"error": error} if error else {})


def delivery_line(delivery: StoredDelivery) -> dict[str, Any]:
    """The same, of what the outbox knows."""
    delivered = "text" in delivery.parts  # who has the words is told
    line = {
        "v": VERSION,
        "id": delivery.alert,
        "rule": delivery.rule,
        "source": delivery.source,
        "recipient": delivery.recipient,
        "time": round(delivery.time, 5),
        "text": delivery.text,
        "events": [*delivery.events],
        "delivered": delivered,
    }
    return line | ({"error": delivery.error} if delivery.error and not delivered else {})
