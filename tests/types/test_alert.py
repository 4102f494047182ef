"""An alert as a line of ``alerts.jsonl``."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from instantreact_sdk import Alert, Event

EVENTS = tuple(Event("intruder", "lobby", 0.5, end, (), {}) for end in (1.0, 2.0))
ALERT = Alert("a1", "intruder", "lobby", "Somebody is in the lobby.", EVENTS, 2 / 3)


def test_a_line_has_its_keys_in_their_order_and_names_events_by_their_ids():
    line = ALERT.line()
    assert list(line) == ["v", "id", "rule", "source", "time", "wall", "text", "events", "snapshot"]
    assert line == {
        "v": 1,
        "id": "a1",
        "rule": "intruder",
        "source": "lobby",
        "time": 0.66667,
        "wall": None,
        "text": "Somebody is in the lobby.",
        "events": [EVENTS[0].id, EVENTS[1].id],
        "snapshot": None,
    }


def test_a_live_alert_tells_its_moment_in_utc_and_where_its_picture_is():
    at = datetime(2024, 2, 29, 12, tzinfo=UTC)
    line = replace(ALERT, wall=at, snapshot=Path("snapshots/a1.jpg")).line()
    assert line["wall"] == "2024-02-29T12:00:00+00:00"
    assert line["snapshot"] == "snapshots/a1.jpg"
    assert json.loads(json.dumps(line)) == line
