"""How the outbox is doing, in numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, exists, func, or_, select

from instantreact_sdk.alerts.database import explained
from instantreact_sdk.alerts.intake import SLACK
from instantreact_sdk.alerts.tables import attempts, deliveries, notifiers, quiet

_LATEST = 1000
_A = attempts.c
_D = deliveries.c
_N = notifiers.c
_Q = quiet.c


@dataclass(frozen=True, slots=True)
class NotifierFigures:
    """How one notifier is doing.

    Attributes:
        counts: Deliveries whose present route goes by it, by status.
        oldest: Seconds for which the oldest of them that should have been sent has waited; None where none has.
        failures: In a row.
        closed_for: Seconds for which it is left alone after them; 0 where it is not.
        cause: Why it is left alone.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    oldest: float | None = None
    failures: int = 0
    closed_for: float = 0.0
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """How the outbox is doing.

    A delivery that is to wait, since the people before it have time to acknowledge or since the same was told just now, is not late
    for that.

    Attributes:
        counts: Deliveries by status.
        oldest: Seconds for which the oldest one that should have been sent has waited; None where none has.
        waits: Seconds from raising, or from the end of its ``after``, to the first attempt, of the latest 1,000, from the shortest on.
        arrivals: The same until a notifier had taken it.
        notifiers: By name, those that have or had something to do.
    """

    counts: Mapping[str, int]
    oldest: float | None
    waits: tuple[float, ...]
    arrivals: tuple[float, ...]
    notifiers: Mapping[str, NotifierFigures]


def quantile(latest: Sequence[float], share: float) -> float:
    """The least of some figures that so large a share of them does not exceed.

    Args:
        latest: At least one, from the least on.
        share: Above 0, at most 1.
    """
    return latest[ceil(share * len(latest)) - 1]


def read_figures(engine: Engine, now: float) -> Figures:
    """How a store's outbox is doing.

    Args:
        engine: The store's.
        now: Seconds of UTC.

    Raises:
        InstantReactError: IR5003 to IR5006.
    """
    with explained(engine.url), engine.connect() as connection:
        counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
        counted = select(_D.notifier, _D.status, func.count()).group_by(_D.notifier, _D.status)
        for notifier, status, count in connection.execute(counted):
            counts[notifier][status] = count
        oldest = _oldest(connection, now)
        states = {row.name: row for row in connection.execute(select(notifiers))}
        waits, arrivals = _waits(connection), _arrivals(connection)
    by_name = {}
    for name in sorted({*counts, *states}):
        state = states.get(name)
        closed = state.closed_until - now if state and state.closed_since <= now + SLACK else 0.0
        by_name[name] = NotifierFigures(
            counts=counts.get(name, {}),
            oldest=oldest.get(name),
            failures=state.failures if state else 0,
            closed_for=max(0.0, closed),
            cause=state.cause if state and closed > 0 else "",
        )
    total: Counter[str] = Counter()
    for one in by_name.values():
        total.update(one.counts)
    return Figures(dict(total), max(oldest.values(), default=None), waits, arrivals, by_name)


def _oldest(connection: Connection, now: float) -> dict[str, float]:
    """For how long the oldest of each notifier should have been sent."""
    untried = and_(_D.route == 0, _D.attempts == 0)
    since = case((untried, _D.due), else_=_D.created + _D.after)
    told = and_(_Q.rule == _D.rule, _Q.source == _D.source, _Q.recipient == _D.recipient)
    hush = exists().where(told, _Q.until > now, _Q.since <= now + SLACK)
    query = select(_D.notifier, func.min(since)).group_by(_D.notifier)
    unsent = (_D.status.in_(["pending", "sending"]), _D.settled.is_(None))  # a clip that follows the words is not late
    query = query.where(*unsent, since <= now)
    query = query.where(or_(_D.cooldown.is_(None), ~untried, ~hush))
    return {notifier: now - first for notifier, first in connection.execute(query)}


def _waits(connection: Connection) -> tuple[float, ...]:
    first = ~exists().where(*_earlier())
    query = select(_A.began - _D.created - _D.after).join(deliveries, _A.delivery == _D.position)
    found = connection.scalars(query.where(_A.number == 1, first).order_by(_A.position.desc()).limit(_LATEST))
    return tuple(sorted(max(0.0, wait) for wait in found))


def _arrivals(connection: Connection) -> tuple[float, ...]:
    first = ~exists().where(*_earlier("sent"))
    query = select(_A.ended - _D.created - _D.after).join(deliveries, _A.delivery == _D.position)
    found = connection.scalars(query.where(_A.outcome == "sent", first).order_by(_A.position.desc()).limit(_LATEST))
    return tuple(sorted(max(0.0, wait) for wait in found))


def _earlier(*outcomes: str) -> tuple[ColumnElement[bool], ...]:
    """That there is an earlier attempt of the same delivery; with one of these outcomes, if so wanted."""
    earlier = attempts.alias().c
    conditions = (earlier.delivery == _A.delivery, earlier.position < _A.position)
    return (*conditions, earlier.outcome.in_(outcomes)) if outcomes else conditions
