"""One delivery of which the store and memory both know something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from instantreact_sdk.alerts.clips import follow
from instantreact_sdk.alerts.intake import delivery_key, events_of, in_short
from instantreact_sdk.alerts.ledger import OPEN
from instantreact_sdk.alerts.stored import alert_id

_PROGRESS = (
    "clip", "clip_due", "status", "route", "notifier", "attempts", "due", "due_set", "expires", "settled",
    "acknowledged", "acknowledged_by", "fixed", "receipt", "error",
)  # fmt: skip
_UNDONE: dict[str, Any] = {
    "told_until": None, "snapshot": "", "clip": "", "clip_due": False, "route": 0, "attempts": 0, "settled": None,
    "acknowledged": None, "acknowledged_by": "", "fixed": False, "parts": {}, "receipt": "", "error": "",
}  # fmt: skip

_Row = Mapping[str, Any]


def joined(
    connection: Connection, ours: _Row, theirs: _Row, now: float
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What becomes of a delivery in the store after it was in memory, too.

    How it went is said by the one that told it, or tried it last. What both of them may add to is one; of what somebody may have
    already, events that only the other one has are told apart.

    Args:
        connection: To the store, which has the events already.
        ours: The row in memory.
        theirs: The row in the store, locked.
        now: Seconds of UTC.

    Returns:
        The columns that change, and a delivery of its own for events that nobody is told of otherwise, or None.
    """
    untouched = _open(ours) and all(
        ours[name] == theirs[name] for name in ("status", "route", "attempts", "fixed", "error")
    )
    ahead, behind = (theirs, ours) if untouched or _ended(theirs, ours) else (ours, theirs)
    values = {name: ahead[name] for name in _PROGRESS} | {"parts": {**theirs["parts"], **ours["parts"]}}
    values |= _acknowledged(ours, theirs)
    if behind["clip"] and not ahead["clip"]:
        values |= {"clip": behind["clip"], "clip_due": behind["clip_due"]}
        values |= follow(now) if behind["clip_due"] and values["status"] == "sent" else {}
    apart = None
    if _open(ours) and not ours["fixed"] and theirs["status"] in OPEN and not theirs["fixed"]:
        if {*ours["events"]} != {*theirs["events"]}:
            events = list(dict.fromkeys([*ours["events"], *theirs["events"]]))
            values |= {"events": events, "text": in_short(connection, theirs["run"], events, theirs["told_until"])}
            values["expires"] = max(ours["expires"], theirs["expires"])
    else:
        stale = _open(ours) and not ours["fixed"]  # nobody has what memory added
        says, other = (theirs, ours) if ahead is theirs or stale else (ours, theirs)
        values |= {name: says[name] for name in ("events", "text", "told_until")} | {"fixed": says["fixed"]}
        if missing := [event for event in other["events"] if event not in {*says["events"]}]:
            status = "waiting" if "waiting" in (ours["status"], theirs["status"]) else "pending"
            apart = _apart(connection, theirs, missing, now) | {"status": status}
    return {name: value for name, value in values.items() if value != theirs[name]}, apart


def _open(row: _Row) -> bool:
    """Whether it may be taken at any moment, and is not at this one."""
    return row["status"] in ("waiting", "pending")


def _ended(theirs: _Row, ours: _Row) -> bool:
    """Whether it was told or given up in the store, and memory has not told it."""
    if theirs["status"] in OPEN and theirs["settled"] is None:
        return False
    return not _told(ours) and (_told(theirs) or ours["status"] in OPEN)


def _told(row: _Row) -> bool:
    return row["status"] in ("sent", "acknowledged") or "text" in row["parts"]


def _acknowledged(*rows: _Row) -> dict[str, Any]:
    """What stays true whoever has sent it since."""
    for row in rows:
        if row["status"] == "acknowledged":
            settled = min(one["settled"] for one in rows if one["settled"] is not None)
            return {name: row[name] for name in ("status", "acknowledged", "acknowledged_by")} | {"settled": settled}
    return {}


def _apart(connection: Connection, row: _Row, ids: list[str], now: float) -> dict[str, Any]:
    """A delivery like another one, of other events."""
    first = events_of(connection, row["run"], ids[:1])[0]
    assert first.wall is not None
    alert = alert_id(first.id)
    due = max(now, first.wall.timestamp() + row["after"]) if row["after"] else now
    return {
        **{name: value for name, value in row.items() if name != "position"},
        **_UNDONE,
        "key": delivery_key(row["run"], alert, row["recipient"], row["after"]),
        "alert": alert,
        "text": in_short(connection, row["run"], ids, None),
        "events": ids,
        "time": first.end,
        "wall": first.wall,
        "notifier": row["routes"][0][0],
        "created": now,
        "due": due,
        "due_set": now,
        "expires": due + row["lasts"][0],
    }
