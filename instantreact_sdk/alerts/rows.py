"""Events and alerts as the rows that the store keeps of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.alerts.stored import StoredEvent
from instantreact_sdk.types import Event, NearMiss


def event_row(run: str, stored: StoredEvent) -> dict[str, Any]:
    """The columns of an event or a near miss."""
    line = stored.event.line()
    outcome = stored.outcome
    return {
        "run": run,
        "kind": stored.event.kind,
        "wall": stored.event.wall,
        "outcome": outcome.what if outcome else None,
        "alert": outcome.alert if outcome else "",
        "until": outcome.until if outcome else None,
        **{key: line[key] for key in ("id", "rule", "source", "start", "end", "evidence", "trace")},
    }


def event_from(row: Row[Any]) -> Event | NearMiss:
    """What such a row is about."""
    decision = NearMiss if row.kind == NearMiss.kind else Event
    return decision(row.rule, row.source, row.start, row.end, tuple(row.evidence), row.trace, row.wall)


def delivery_from(row: Row[Any]) -> StoredDelivery:
    """What such a row is about."""
    return StoredDelivery(
        position=row.position, key=row.key, run=row.run, alert=row.alert, rule=row.rule, source=row.source,
        recipient=row.recipient, text=row.text, events=tuple(row.events), time=row.time, wall=row.wall,
        snapshot=row.snapshot, clip=row.clip, status=row.status,
        routes=tuple((notifier, address) for notifier, address in row.routes), lasts=tuple(row.lasts), route=row.route,
        attempts=row.attempts, created=row.created, due=row.due, expires=row.expires, settled=row.settled,
        acknowledged=row.acknowledged, acknowledged_by=row.acknowledged_by, parts=row.parts, receipt=row.receipt,
        error=row.error, durable=row.durable,
    )  # fmt: skip


def storable(text: str) -> str:
    """Text of plugins and services without what PostgreSQL does not keep: NUL, and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()
