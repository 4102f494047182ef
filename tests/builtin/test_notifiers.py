"""The notifiers that come with the SDK."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from instantreact_sdk import Alert, Context, Delivery, Event, TransientError
from instantreact_sdk.registry import discover

EVENT = Event("intruder", "lobby", 1.0, 3.4, ("lobby/people/30",), {})
ALERT = Alert("a1", "intruder", "lobby", "Someone is\nin [the] lobby.", (EVENT,), time=3.4)
WALL = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
def make(tmp_path):
    def make(name: str, **options):
        choice = discover().resolve("notifier", f"sdk/{name}", tmp_path)
        notifier = choice.make(choice.options_type()(**options))
        notifier.open(Context())
        return notifier

    return make


def test_console_prints_one_line_where_results_do_not_go(make, capsys):
    make("console").notify(ALERT, Delivery("k"))
    assert capsys.readouterr().err == "0:03.4  Someone is in [the] lobby.\n"


def test_console_tells_the_time_of_day_of_a_live_source(make, capsys):
    live = Alert("a1", "intruder", "lobby", "Someone came.", (EVENT,), time=3.4, wall=WALL)
    make("console").notify(live, Delivery("k"))
    assert capsys.readouterr().err == "07:08:09  Someone came.\n"


def test_console_does_not_break_a_long_message(make, capsys):
    long = Alert("a1", "intruder", "lobby", "word " * 100, (EVENT,), time=3.4)
    make("console").notify(long, Delivery("k"))
    assert capsys.readouterr().err.count("\n") == 1


def test_jsonl_appends_a_line_for_each_alert(make, tmp_path):
    path = tmp_path / "new" / "folder" / "alerts.jsonl"
    notifier = make("jsonl", path=path)
    live = Alert("a2", "intruder", "lobby", "Someone came.", (EVENT, EVENT), 4.0, WALL, Path("shot.jpg"))
    notifier.notify(ALERT, Delivery("k"))
    notifier.notify(live, Delivery("l"))
    first, second = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert first == {
        "v": 1,
        "id": "a1",
        "rule": "intruder",
        "source": "lobby",
        "time": 3.4,
        "wall": None,
        "text": "Someone is\nin [the] lobby.",
        "events": [EVENT.id],
        "snapshot": None,
    }
    assert (second["wall"], second["snapshot"], len(second["events"])) == ("2024-05-06T07:08:09+00:00", "shot.jpg", 2)


def test_jsonl_goes_on_in_a_new_file_when_the_old_one_was_rotated_away(make, tmp_path):
    path = tmp_path / "alerts.jsonl"
    notifier = make("jsonl", path=path)
    notifier.notify(ALERT, Delivery("k"))
    path.rename(tmp_path / "alerts.jsonl.1")
    notifier.notify(ALERT, Delivery("l"))
    assert len(path.read_text().splitlines()) == 1


def test_jsonl_that_cannot_be_written_says_so_before_the_first_alert(make, tmp_path):
    with pytest.raises(TransientError, match="cannot be written: Is a directory"):
        make("jsonl", path=tmp_path)
