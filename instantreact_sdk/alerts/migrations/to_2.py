"""The outbox: an alert to one recipient, and how telling went, becomes a delivery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2s
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

_AT_ONCE = 1000  # rows that are held in memory
_DAY = 86400.0

_RUNS = sa.table("runs", sa.column("id"), sa.column("started", sa.DateTime(timezone=True)))
_ALERTS = sa.table(
    "alerts",
    *(sa.column(name) for name in ("position", "run", "id", "rule", "source", "recipient", "text", "error", "time")),
    sa.column("events", sa.JSON),
    sa.column("delivered", sa.Boolean),
    sa.column("wall", sa.DateTime(timezone=True)),
)


def upgrade(op: Operations) -> None:
    """Make the outbox's tables, and take over what ``alerts`` holds."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("LOCK TABLE alerts")  # what an older program adds until now is taken over, and later it cannot
    deliveries = _make_tables(op)
    for rows in _old_alerts(connection):
        op.bulk_insert(deliveries, rows)
    op.drop_table("alerts")


def _make_tables(op: Operations) -> sa.Table:
    deliveries = op.create_table(
        "deliveries",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(24), nullable=False, unique=True),
        sa.Column("run", sa.String(12), sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("alert", sa.String(12), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("events", sa.JSON, nullable=False),
        sa.Column("time", sa.Float, nullable=False),
        sa.Column("wall", sa.DateTime(timezone=True)),
        sa.Column("told_until", sa.Float),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("clip", sa.Text, nullable=False),
        sa.Column("clip_due", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("routes", sa.JSON, nullable=False),
        sa.Column("lasts", sa.JSON, nullable=False),
        sa.Column("route", sa.Integer, nullable=False),
        sa.Column("notifier", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("cooldown", sa.Float),
        sa.Column("after", sa.Float, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("due_set", sa.Float, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("settled", sa.Float),
        sa.Column("acknowledged", sa.Float),
        sa.Column("acknowledged_by", sa.String(64), nullable=False),
        sa.Column("fixed", sa.Boolean, nullable=False),
        sa.Column("durable", sa.Boolean, nullable=False),
        sa.Column("parts", sa.JSON, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.create_index("deliveries_by_work", "deliveries", ["status", "notifier", "due", "due_set"])
    by_order = ["notifier", "status", "position", "due", "due_set", "expires"]
    op.create_index("deliveries_by_order", "deliveries", by_order)
    op.create_index("deliveries_by_end", "deliveries", ["notifier", "settled", "position"])
    op.create_index("deliveries_by_line", "deliveries", ["rule", "source", "recipient", "status"])
    op.create_index("deliveries_by_alert", "deliveries", ["alert"])
    op.create_table(
        "attempts",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("delivery", sa.Integer, sa.ForeignKey("deliveries.position"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("notifier", sa.String(64), nullable=False),
        sa.Column("began", sa.Float, nullable=False),
        sa.Column("ended", sa.Float),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.create_index("ix_attempts_delivery", "attempts", ["delivery"])
    op.create_table(
        "quiet",
        sa.Column("rule", sa.String(64), primary_key=True),
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("recipient", sa.String(64), primary_key=True),
        sa.Column("since", sa.Float, nullable=False),
        sa.Column("until", sa.Float, nullable=False),
        sa.Column("told_until", sa.Float, nullable=False),
    )
    op.create_table(
        "notifiers",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("beat", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("closed_since", sa.Float, nullable=False),
        sa.Column("closed_until", sa.Float, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
    )
    return deliveries


def _old_alerts(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    query = sa.select(_ALERTS, _RUNS.c.started).join(_RUNS, _RUNS.c.id == _ALERTS.c.run).order_by(_ALERTS.c.position)
    for rows in connection.execute(query).partitions(_AT_ONCE):
        yield [_delivery(row) for row in rows]


def _delivery(row: sa.Row[Any]) -> dict[str, Any]:
    """Whoever was not told has an error, but where nobody was to be told."""
    created = _seconds(row.wall or row.started)
    status = "sent" if row.delivered else "failed" if row.error else "noted"
    return {
        "key": blake2s(f"{row.run}\0{row.id}\0{row.recipient}\0first".encode(), digest_size=12).hexdigest(),
        "run": row.run,
        "alert": row.id,
        "rule": row.rule,
        "source": row.source,
        "recipient": row.recipient,
        "text": row.text,
        "events": row.events,
        "time": row.time,
        "wall": row.wall,
        "snapshot": "",
        "clip": "",
        "clip_due": False,
        "status": status,
        "routes": [[row.recipient, ""]],  # on which way a person was told was not kept
        "lasts": [_DAY],
        "route": 0,
        "notifier": row.recipient,
        "attempts": 0,
        "after": 0.0,
        "created": created,
        "due": created,
        "due_set": created,
        "expires": created + _DAY,
        "settled": None if status == "noted" else created,
        "acknowledged_by": "",
        "fixed": False,
        "durable": True,
        "parts": {},
        "receipt": "",
        "error": row.error,
    }


def _seconds(moment: datetime) -> float:
    """Of UTC, whose name SQLite does not keep."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
