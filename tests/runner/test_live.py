"""Cameras: what is late, lost, slow or gone, and what the rules make of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from deadline import SECONDS, joined
from playing import lines, use, write

from instantreact_sdk import Event, Health, Pipeline

ALWAYS = [(0.0, 1e9)]


class Watched:
    """A pipeline on live sources, watched until something is true.

    Attributes:
        events: With the seconds after the start at which they came.
        health: Likewise.
    """

    def __init__(self, folder: Path, enough: Callable[[Watched], object], **sections: Any) -> None:
        self._folder = folder
        self.events: list[Event] = []
        self.came: list[float] = []
        self.health: list[Health] = []
        settings = sections.pop("settings", {})
        self.pipeline = Pipeline.from_config(
            write(folder, **sections), out=folder / "out", strict=False, on_health=self.health.append, **settings
        )
        began = time.monotonic()
        stopper = threading.Thread(target=self._stop, args=(enough,))
        stopper.start()
        for event in self.pipeline.run():
            self.came.append(time.monotonic() - began)
            self.events.append(event)
        joined(stopper)
        self.summary = self.pipeline.summary

    def _stop(self, enough: Callable[[Watched], object]) -> None:
        deadline = time.monotonic() + SECONDS
        try:
            while not (self.pipeline.summary and enough(self)) and time.monotonic() < deadline:
                time.sleep(0.01)
        finally:
            self.pipeline.stop()

    def kinds(self, by: str) -> list[str]:
        return [health.kind for health in self.health if health.by == by]

    def lines(self, name: str) -> list[dict[str, Any]]:
        return lines(self._folder / "out" / f"{name}.jsonl")


def test_slow_speech_does_not_delay_a_rule_on_pictures(tmp_path: Path) -> None:
    done = Watched(
        tmp_path,
        lambda w: w.events,
        sources={"cam": use("Film", live=True, sound=1000.0)},
        detectors={"spots": use("Spot", spans=[(0.5, 1e9)])},
        recognizers={"ear": use("Ear", longest=0.5, pause=30.0, said={"never": (900.0, 901.0)})},
        rules={"spot": {"when": {"label": "spot"}}, "word": {"when": {"words": "never"}}},
    )
    (event,) = done.events
    assert event.rule == "spot"
    assert 0.45 <= event.end < 2.0
    assert done.summary["exit"] == "interrupted"


def test_a_slow_detector_costs_frames_and_is_told_of_once(tmp_path: Path) -> None:
    done = Watched(
        tmp_path,
        lambda w: len(w.pipeline.summary["health"]) and w.pipeline.summary["components"]["slow"]["dropped"] > 20,
        sources={"cam": use("Film", live=True, fps=50)},
        detectors={"slow": use("Spot", pause=0.2, spans=ALWAYS), "quick": use("Spot", spans=ALWAYS)},
    )
    assert done.kinds("slow") == ["falling_behind"]
    assert done.kinds("quick") == []
    components = done.summary["components"]
    assert components["quick"]["dropped"] == 0
    assert components["slow"]["calls"] + components["slow"]["dropped"] <= done.summary["sources"]["cam"]["frames"]
    frames = [line["frames"][0] for line in lines(tmp_path / "slow.log")]
    assert frames == sorted(set(frames))


def test_a_detector_slower_than_everything_does_not_hold_the_camera_up(tmp_path: Path) -> None:
    done = Watched(
        tmp_path,
        lambda w: w.pipeline.summary["sources"].get("cam", {}).get("frames", 0) >= 150,
        sources={"cam": use("Film", live=True, fps=100)},
        detectors={"stuck": use("Spot", pause=60.0, spans=ALWAYS)},
        rules={"spot": {"when": {"label": "spot"}}},
        allowed_lateness={"picture": "0.3s"},
    )
    assert done.summary["sources"]["cam"]["frames"] >= 150
    assert "falling_behind" in done.kinds("stuck")


def test_what_comes_too_late_for_its_rule_is_dropped_and_told(tmp_path: Path) -> None:
    done = Watched(
        tmp_path,
        lambda w: w.pipeline.summary["late"],
        sources={"cam": use("Film", live=True)},
        detectors={"slow": use("Spot", pause=0.8, spans=[(0.0, 0.3)])},
        rules={"spot": {"when": {"label": "spot"}}},
        allowed_lateness={"picture": "0.2s"},
    )
    assert done.summary["late"] >= 1
    assert done.events == []
    told = [health.detail for health in done.health if health.kind == "falling_behind"]
    assert sum("`allowed_lateness`" in detail for detail in told) == 1
    assert sum("`sample_fps`" in detail for detail in told) == 1
    assert [line["kind"] for line in done.lines("observations")].count("detections") >= 1  # it is written all the same


def test_offline_and_online_reach_rules_and_summary(tmp_path: Path) -> None:
    done = Watched(
        tmp_path,
        lambda w: len(w.events) >= 2,
        sources={"cam": use("Film", live=True, told={0.3: "offline", 0.8: "online"})},
        detectors={"spots": use("Spot")},
        rules={"gone": {"when": {"health": "offline"}}, "back": {"when": {"health": "online"}}},
    )
    assert [event.rule for event in done.events] == ["gone", "back"]
    assert done.kinds("cam") == ["offline", "online"]
    told = [(one["kind"], one["source"]) for one in done.summary["health"]]
    assert told == [("offline", "cam"), ("online", "cam")]
    assert 0.25 <= done.summary["health"][0]["time"] < done.summary["health"][1]["time"]


def test_nothing_seen_while_offline_is_unknown_and_not_nothing(tmp_path: Path) -> None:
    done = Watched(
        tmp_path,
        lambda w: len(w.events) >= 1,
        sources={"cam": use("Film", live=True, told={0.2: "offline", 2.0: "online"})},
        detectors={"spots": use("Spot", spans=[(900.0, 901.0)])},
        rules={"empty": {"when": {"none": [{"label": "spot"}], "within": "1s"}}},
        allowed_lateness={"picture": "0.1s"},
    )
    # From 0.2 s to 2.0 s it was offline, so that the first whole second with pictures ends at 3.0 s.
    assert 2.9 <= done.events[0].end < 4.0


def test_a_camera_that_cannot_be_opened_is_told_of_once_tried_again_and_told_of_when_it_is_back(tmp_path: Path) -> None:
    done = Watched(
        tmp_path,
        lambda w: w.events,
        sources={"cam": use("Film", live=True, fails=2, sound=1000.0)},
        detectors={"spots": use("Spot", spans=[(0.5, 1e9)])},
        recognizers={"ear": use("Ear", longest=0.5)},
        rules={"both": {"when": {"all": [{"sound": "bang"}, {"label": "spot"}], "within": "5s"}}},
    )
    assert len(lines(tmp_path / "cam.log")) == 3
    assert done.kinds("cam") == ["offline", "online"]
    assert "The film is not there" in done.health[0].detail
    # Two pauses lie before its first frame: of 0.5 s to 1 s, and of 1 s to 2 s.
    back = done.summary["health"][1]["time"]
    assert 1.5 <= back < 6.0
    assert done.events[0].end > 1.4
    assert done.summary["late"] == 0


def test_a_camera_that_breaks_is_opened_again_and_goes_on_in_its_own_time(tmp_path: Path) -> None:
    done = Watched(
        tmp_path,
        lambda w: len(lines(tmp_path / "cam.log")) == 2 and len(lines(tmp_path / "spots.log")) > 8,
        sources={"cam": use("Film", live=True, breaks=0.5, sound=1000.0, chunk=0.1)},
        detectors={"spots": use("Spot", spans=ALWAYS)},
        recognizers={"ear": use("Ear", longest=0.1)},
        defaults={"sample_fps": 5},
        rules={"spot": {"when": {"label": "spot"}}, "bang": {"when": {"sound": "bang"}}},
    )
    assert done.kinds("cam") == ["offline", "online"]
    seen = [line for line in done.lines("observations") if line["kind"] == "detections"]
    times = [line["time"] for line in seen]
    assert times == sorted(set(times))
    # It broke at 0.5 s and was away for at least half a second.
    assert max(after - before for before, after in pairwise(times)) >= 0.5
    assert {"spot", "bang"} == {event.rule for event in done.events}
    heard = [line["time"] for line in done.lines("observations") if line["kind"] == "sound"]
    assert heard == sorted(heard)
    assert heard[-1] > times[3]
    assert done.summary["late"] == 0


def test_a_run_whose_camera_never_came_ends_at_once_when_it_is_told_to(tmp_path: Path) -> None:
    began = time.monotonic()
    done = Watched(
        tmp_path,
        lambda w: w.health,
        sources={"cam": use("Film", live=True, fails=99), "other": use("Film", live=True)},
        detectors={"spots": use("Spot")},
    )
    assert done.summary["exit"] == "interrupted"
    assert time.monotonic() - began < 8.0  # and not the ten seconds that it would wait for what hangs


def test_what_a_component_remembers_outlives_the_run(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        done = Watched(
            tmp_path,
            lambda w: len(lines(tmp_path / "spots.log")) > 3,
            sources={"cam": use("Film", live=True)},
            detectors={"spots": use("Spot", counts=True, spans=ALWAYS)},
            rules={"spot": {"when": {"label": "spot"}}},
            settings={"store": f"sqlite:///{tmp_path / 'x.db'}"},
        )
        opened = [line["opened"] for line in lines(tmp_path / "spots.log") if "opened" in line]
        assert opened == list(range(1, number + 1))
        assert len(done.lines("events")) == number  # the files of earlier runs are added to
        (tmp_path / "spots.log").write_text("".join(f'{{"opened": {n}}}\n' for n in opened))


def test_an_event_of_a_camera_has_its_picture(tmp_path: Path) -> None:
    done = Watched(
        tmp_path,
        lambda w: w.events,
        sources={"cam": use("Film", live=True)},
        detectors={"spots": use("Spot", spans=[(0.3, 1e9)])},
        rules={"spot": {"when": {"label": "spot"}}},
    )
    assert [path.stem for path in (tmp_path / "out" / "snapshots").iterdir()] == [done.events[0].id]
