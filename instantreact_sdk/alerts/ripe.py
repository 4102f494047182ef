"""Which deliveries may be sent now."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, exists, or_, select

from instantreact_sdk.alerts.intake import SLACK
from instantreact_sdk.alerts.tables import deliveries, quiet

_D = deliveries.c
_Q = quiet.c


def ripe(notifier: str, now: float) -> Select[Any]:
    """Those of one notifier that are due, in the order in which they came.

    Of those that are told together per rule, source and recipient, the first one goes, and no other one before it was told and its
    cooldown is over; what was tried before goes whenever it is due.

    Args:
        notifier: Its name.
        now: Seconds of UTC.
    """
    earlier = deliveries.alias().c
    line = and_(*(earlier[name] == _D[name] for name in ("rule", "source", "recipient")))
    unsent = and_(earlier.status.in_(["pending", "sending"]), earlier.settled.is_(None), earlier.cooldown.is_not(None))
    before = exists().where(line, earlier.position < _D.position, unsent)
    told = and_(*(_Q[name] == _D[name] for name in ("rule", "source", "recipient")))
    hush = exists().where(told, _Q.until > now, _Q.since <= now + SLACK)
    alone = or_(_D.cooldown.is_(None), _D.attempts > 0, and_(~before, ~hush))
    due = or_(_D.due <= now, _D.due_set > now + SLACK)
    waits = (_D.notifier == notifier, _D.status == "pending", due, alone)
    return select(deliveries).where(*waits).order_by(_D.position)
