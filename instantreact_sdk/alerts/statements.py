"""What the outbox asks of the database with each alert, put together once: that takes five times as long as to execute it."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select, update

from instantreact_sdk.alerts.tables import attempts, deliveries, events, notifiers, quiet

_D = deliveries.c
_E = events.c
_A = attempts.c
_Q = quiet.c
_LINE = ("rule", "source", "recipient")

# Raising --------------------------------------------------------------------------------------------------------------

GROWING = (
    select(deliveries)
    .where(*(_D[name] == bindparam(name) for name in ("run", *_LINE)))
    .where(_D.fixed.is_(False), _D.status.in_(["pending", "waiting"]), _D.cooldown.is_not(None))
    .order_by(_D.position.desc())
    .limit(1)
    .with_for_update()
)
"""What an event of a line joins."""
HUSH = select(quiet).where(*(_Q[name] == bindparam(name) for name in _LINE))
"""What is remembered of the last delivery of a line."""
EVENTS = select(events).where(_E.run == bindparam("run"), _E.id.in_(bindparam("ids", expanding=True)))
"""Some of the events of a run."""
BECAME = update(events).where(_E.run == bindparam("of_run"), _E.id == bindparam("of_id"))
"""What became of an event; its columns are given with it, here and below."""

# Sending --------------------------------------------------------------------------------------------------------------

_WAITS = (_D.notifier == bindparam("name"), _D.status.in_(["pending", "waiting"]))
NEXT = select(func.min(_D.due)).where(_D.notifier == bindparam("name"), _D.status == bindparam("status"))
"""When the first one of a notifier is due."""
FROM_THE_FUTURE = (
    select(_D.position).where(*_WAITS, _D.due > bindparam("latest"), _D.due_set > bindparam("latest")).limit(1)
)
"""One that waits since a moment that is still to come; what is due then is due later."""
ROW = select(deliveries).where(_D.position == bindparam("at"))
"""One delivery."""
CHANGED = update(deliveries).where(_D.position == bindparam("at"))
"""One delivery is another now."""
BEGUN = attempts.insert()
"""An attempt begins."""
ENDED = update(attempts).where(_A.position == bindparam("at"), _A.outcome == "")
"""How an attempt went, where nobody has said so yet."""
STATE = select(notifiers).where(notifiers.c.name == bindparam("name"))
"""How a notifier is doing."""
TOLD_UNTIL = (
    select(_Q.told_until)
    .where(*(_Q[name] == bindparam(name) for name in _LINE))
    .where(_Q.until > bindparam("created"), _Q.since <= bindparam("latest"))
)
"""End of the last event of a line that was told before, where its cooldown has not passed since."""
LAST = select(func.max(_E.wall)).where(_E.run == bindparam("run"), _E.id.in_(bindparam("ids", expanding=True)))
"""When the last of some events was."""
HELD = (
    update(deliveries)
    .where(*(_D[name] == bindparam(f"of_{name}") for name in _LINE), _D.position != bindparam("but"))
    .where(_D.status == "pending", _D.attempts == 0, _D.cooldown.is_not(None), _D.due < bindparam("end"))
    .values(due=bindparam("end"), due_set=bindparam("now"), expires=_D.expires + (bindparam("end") - _D.due))
)
"""What is left of a line waits for the end of its cooldown, and has as long afterwards."""
