"""The store's tables."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

SCHEMA = 1
"""Version of these tables; it grows with every change of them."""


class Utc(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone of what it keeps, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database, from any zone."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)) if value else None


metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

runs = Table(
    "runs",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("config", Text, nullable=False),
    Column("started", Utc, nullable=False),
    Column("ended", Utc),
    Column("version", String(64), nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("position", Integer, primary_key=True),  # the order in which they came
    Column("run", ForeignKey("runs.id"), nullable=False),
    Column("id", String(12), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("source", String(64), nullable=False),
    Column("start", Float, nullable=False),
    Column("end", Float, nullable=False),
    Column("wall", Utc),
    Column("evidence", JSON, nullable=False),
    Column("trace", JSON, nullable=False),
    Column("outcome", String(16)),
    Column("alert", String(64), nullable=False, default=""),
    Column("until", Float),
    UniqueConstraint("run", "id", name="events_once"),
    Index("events_by_id", "id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("run", ForeignKey("runs.id"), nullable=False),
    Column("id", String(64), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("source", String(64), nullable=False),
    Column("recipient", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("events", JSON, nullable=False),
    Column("delivered", Boolean, nullable=False),
    Column("error", Text, nullable=False),
    Column("time", Float, nullable=False),
    Column("wall", Utc),
    UniqueConstraint("run", "id", "recipient", name="alerts_once"),
)

component_state = Table(
    "component_state",
    metadata,
    Column("component", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("value", JSON, nullable=False),
)
