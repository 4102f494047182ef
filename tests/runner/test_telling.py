"""Who is told, when, and of how many events at once."""

from __future__ import annotations

from pathlib import Path

from playing import play, use
from test_live import ALWAYS, Watched

FLASHES = [(at + 0.5, at + 0.6) for at in range(0, 40, 4)]  # ten of them, four seconds apart


def test_what_happens_in_the_cooldown_is_told_together_when_it_ends(tmp_path: Path) -> None:
    done = play(
        tmp_path,
        sources={"film": use("Film", seconds=40.0)},
        detectors={"spots": use("Spot", spans=FLASHES)},
        rules={"spot": {"when": {"label": "spot"}, "cooldown": "10s", "notify": ["log"]}},
        notifiers={"log": {"use": "sdk/jsonl", "options": {"path": "told.jsonl"}}},
    )
    ends = [event.end for event in done.events]
    assert ends == [at + 0.5 for at in range(0, 40, 4)]
    alerts = done.lines("alerts")
    # 0.5 | 4.5 and 8.5 | 12.5 and 16.5 | 20.5, too late for what went out at that very moment, 24.5 and 28.5 | the rest.
    assert [alert["time"] for alert in alerts] == [0.5, 10.5, 20.5, 30.5, 40.5]
    assert [len(alert["events"]) for alert in alerts] == [1, 2, 2, 3, 2]
    assert [event for alert in alerts for event in alert["events"]] == [event.id for event in done.events]
    assert all(alert["delivered"] for alert in alerts)
    assert len((tmp_path / "told.jsonl").read_text().splitlines()) == len(alerts)


def test_a_notifier_may_tell_of_more_in_its_own_way(tmp_path: Path) -> None:
    done = play(
        tmp_path,
        sources={"film": use("Film", seconds=10.0)},
        detectors={"spots": use("Spot", spans=FLASHES)},
        rules={"spot": {"when": {"label": "spot"}, "cooldown": "20s", "notify": ["crier"]}},
        notifiers={"crier": use("Crier")},
    )
    first, more = done.log("crier")
    assert first == {"notify": "spot at film, 0:00"}
    assert more == {"update": "spot at film, 2 more since 0:00, the last 0:08"}


def test_a_permanent_failure_takes_the_next_route(tmp_path: Path) -> None:
    done = play(
        tmp_path,
        detectors={"spots": use("Spot")},
        rules={"spot": {"when": {"label": "spot"}, "notify": ["anna"]}},
        notifiers={
            "broken": use("Crier", refuses=True),
            "log": {"use": "sdk/jsonl", "options": {"path": "told.jsonl"}},
        },
        people={"anna": [{"broken": "1"}, {"log": "2"}]},
        settings={"strict": False},
    )
    (alert,) = done.lines("alerts")
    assert (alert["recipient"], alert["delivered"]) == ("anna", True)
    assert len((tmp_path / "told.jsonl").read_text().splitlines()) == 1


def test_who_has_read_the_words_is_told_even_where_the_picture_was_lost(tmp_path: Path) -> None:
    done = play(
        tmp_path,
        detectors={"spots": use("Spot")},
        rules={"spot": {"when": {"label": "spot"}, "notify": ["anna"]}},
        notifiers={
            "lossy": use("Crier", loses=True),
            "log": {"use": "sdk/jsonl", "options": {"path": "told.jsonl"}},
        },
        people={"anna": [{"lossy": "1"}, {"log": "2"}]},
        settings={"strict": False, "drain": 5.0},
    )
    (alert,) = done.lines("alerts")
    assert (alert["recipient"], alert["delivered"]) == ("anna", True)
    assert (tmp_path / "told.jsonl").read_text() == ""  # she would read the same words twice


def test_nothing_that_happened_before_a_camera_is_switched_off_goes_untold(tmp_path: Path) -> None:
    """The notifier takes its time, so that events gather behind the one that is on its way."""
    done = Watched(
        tmp_path,
        lambda w: len(w.events) >= 3,
        sources={"cam": use("Film", live=True, fps=20.0)},
        detectors={"spots": use("Spot", spans=[(at + 0.2, at + 0.3) for at in range(0, 100, 2)])},
        rules={"spot": {"when": {"label": "spot"}, "cooldown": "0s", "notify": ["slow"]}},
        notifiers={"slow": use("Crier", pause=1.5)},
        allowed_lateness={"picture": "100ms"},
    )
    told = [event for alert in done.lines("alerts") for event in alert["events"]]
    assert sorted(told) == sorted(event.id for event in done.events)
    assert all(alert["delivered"] for alert in done.lines("alerts"))


def test_events_of_a_camera_have_names_of_their_own_in_every_run(tmp_path: Path) -> None:
    names = []
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        done = Watched(
            tmp_path / run,
            lambda w: w.events,
            sources={"cam": use("Film", live=True)},
            detectors={"spots": use("Spot", spans=ALWAYS)},
            rules={"spot": {"when": {"label": "spot"}}},
        )
        names.append(done.events[0].id)
        assert done.lines("events")[0]["wall"].endswith("+00:00")
    assert names[0] != names[1]
