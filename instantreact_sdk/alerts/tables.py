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

SCHEMA = 2
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

deliveries = Table(
    "deliveries",
    metadata,
    Column("position", Integer, primary_key=True),  # the order in which they came
    Column("key", String(24), nullable=False, unique=True),
    Column("run", ForeignKey("runs.id"), nullable=False),
    Column("alert", String(12), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("source", String(64), nullable=False),
    Column("recipient", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("events", JSON, nullable=False),  # ids
    Column("time", Float, nullable=False),
    Column("wall", Utc),
    Column("told_until", Float),  # end of the last event that was told before, in seconds of UTC
    Column("snapshot", Text, nullable=False, default=""),
    Column("clip", Text, nullable=False, default=""),
    Column("clip_due", Boolean, nullable=False, default=False),  # it came later than the words, and follows them
    Column("status", String(16), nullable=False),
    Column("routes", JSON, nullable=False),  # [notifier, address], in order
    Column("lasts", JSON, nullable=False),  # seconds for which each route is tried
    Column("route", Integer, nullable=False, default=0),
    Column("notifier", String(64), nullable=False),  # of the present route
    Column("attempts", Integer, nullable=False, default=0),  # on the present route
    Column("cooldown", Float),  # none where it was decided elsewhere what is told together
    Column("after", Float, nullable=False, default=0.0),  # seconds for which it waits first
    Column("created", Float, nullable=False),  # this and what follows: seconds of UTC
    Column("due", Float, nullable=False),
    Column("due_set", Float, nullable=False),  # when `due` was decided: a clock that goes back is seen by it
    Column("expires", Float, nullable=False),  # of the present route
    Column("settled", Float),  # when it was sent, or given up
    Column("acknowledged", Float),
    Column("acknowledged_by", String(64), nullable=False, default=""),
    Column("fixed", Boolean, nullable=False, default=False),  # somebody may have it already, so it must not grow
    Column("durable", Boolean, nullable=False, default=True),  # whether it was in the store before anybody was told
    Column("parts", JSON, nullable=False, default=dict),  # what was sent of it, by name, with what the service calls it
    Column("receipt", Text, nullable=False, default=""),
    Column("error", Text, nullable=False, default=""),
    Index("deliveries_by_work", "status", "notifier", "due", "due_set"),
    Index("deliveries_by_order", "notifier", "status", "position", "due", "due_set", "expires"),
    Index("deliveries_by_end", "notifier", "settled", "position"),
    Index("deliveries_by_line", "rule", "source", "recipient", "status"),
    Index("deliveries_by_alert", "alert"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("delivery", ForeignKey("deliveries.position"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("notifier", String(64), nullable=False),
    Column("began", Float, nullable=False),
    Column("ended", Float),
    Column(
        "outcome", String(16), nullable=False, default=""
    ),  # empty while it lasts, and for ever where it was broken off
    Column("error", Text, nullable=False, default=""),
)

quiet = Table(  # whom not to tell of what before when
    "quiet",
    metadata,
    Column("rule", String(64), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("recipient", String(64), primary_key=True),
    Column("since", Float, nullable=False),
    Column("until", Float, nullable=False),
    Column("told_until", Float, nullable=False),
)

notifiers = Table(
    "notifiers",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(64), nullable=False, default=""),  # the process that may call it
    Column("beat", Integer, nullable=False, default=0),  # grows while the holder lives
    Column("failures", Integer, nullable=False, default=0),  # in a row
    Column("closed_since", Float, nullable=False, default=0.0),
    Column("closed_until", Float, nullable=False, default=0.0),
    Column("cause", Text, nullable=False, default=""),
)

component_state = Table(
    "component_state",
    metadata,
    Column("component", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("value", JSON, nullable=False),
)
