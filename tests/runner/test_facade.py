"""A pipeline from Python."""

from __future__ import annotations

import gc
import json
import threading
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import psutil
import pytest
from deadline import until
from playing import lines, play, use, write

from instantreact_sdk import InstantReactError, Pipeline

SECTIONS: dict[str, Any] = {
    "sources": {"film": use("Film", seconds=20.0, sound=20.0)},
    "detectors": {"spots": use("Spot", spans=[(t, t + 1.0) for t in range(0, 20, 4)], batch=2)},
    "recognizers": {"ear": use("Ear", said={"help": (3.0, 3.5)})},
    "captioners": {"teller": use("Teller")},
    "rules": {"spot": {"when": {"label": "spot"}}, "word": {"when": {"words": "help"}}},
}
MINE = ("film", "spots", "ear", "teller", "watch", "store", "annotated")


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(MINE)]


def descriptors() -> int:
    gc.collect()
    return psutil.Process().num_fds()


def test_events_come_in_the_order_of_time_and_are_those_of_the_file(tmp_path: Path) -> None:
    done = play(tmp_path, **SECTIONS)
    assert [(event.rule, event.end) for event in done.events] == [
        ("spot", 0.0), ("word", 3.5), ("spot", 4.0), ("spot", 8.0), ("spot", 12.0), ("spot", 16.0),
    ]  # fmt: skip
    assert [json.loads(json.dumps(event.line())) for event in done.events] == done.lines("events")
    assert json.loads((tmp_path / "out" / "summary.json").read_text()) == {
        **done.summary,
        # These go on until they are asked for.
        "wall_seconds": pytest.approx(done.summary["wall_seconds"], abs=5),
        "speed": ANY,
    }


def test_figures_of_the_summary_add_up(tmp_path: Path) -> None:
    done = play(tmp_path, **SECTIONS, defaults={"sample_fps": 5})
    s = done.summary
    assert (s["exit"], s["events"], s["late"], s["health"]) == ("done", len(done.lines("events")), 0, [])
    assert s["near_misses"] == len(done.lines("near_misses"))
    film = s["sources"]["film"]
    assert (film["frames"], film["sampled"], film["seconds"]) == (100, 100, 20.0)  # it skips what nobody wants
    assert {name: one["calls"] for name, one in s["components"].items()} == {
        "spots": 50,
        "teller": 1 + 19 + 0,
        "ear": 10,
    } | {"teller": len(lines(tmp_path / "teller.log"))}
    assert s["speed"] == pytest.approx(20.0 / s["wall_seconds"], rel=0.05)


def test_it_writes_nothing_where_no_folder_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, **SECTIONS)
    before = set(tmp_path.iterdir())
    assert len(list(Pipeline.from_config(file).run())) == 6
    assert {path.suffix for path in set(tmp_path.iterdir()) - before} == {".log"}


def test_whoever_leaves_the_loop_ends_the_run(tmp_path: Path) -> None:
    sections = {**SECTIONS, "sources": {"film": use("Film", seconds=3000.0, sound=3000.0)}}
    children = set(psutil.Process().children(recursive=True))
    file = write(tmp_path, **sections)
    store = f"sqlite:///{tmp_path / 'x.db'}"
    pipeline = Pipeline.from_config(file, out=tmp_path / "out", video=True, store=store)
    before = descriptors()
    run = pipeline.run()
    assert next(run).end == 0.0
    run.close()
    assert threads() == []
    assert set(psutil.Process().children(recursive=True)) <= children
    assert [f.path for f in psutil.Process().open_files() if str(tmp_path) in f.path] == []
    assert descriptors() <= before
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["exit"] == "interrupted"
    assert summary["sources"]["film"]["frames"] < 30000
    assert len(lines(tmp_path / "out" / "events.jsonl")) == 1


def test_stopping_from_another_thread_ends_the_loop_and_keeps_what_was_found(tmp_path: Path) -> None:
    sections = {**SECTIONS, "sources": {"film": use("Film", seconds=3000.0, sound=3000.0)}}
    pipeline = Pipeline.from_config(write(tmp_path, **sections), out=tmp_path / "out")
    events = []
    for event in pipeline.run():
        events.append(event)
        threading.Thread(target=pipeline.stop).start()
    assert pipeline.summary["exit"] == "interrupted"
    assert pipeline.summary["sources"]["film"]["frames"] < 30000
    assert len(events) == len(lines(tmp_path / "out" / "events.jsonl")) == pipeline.summary["events"]
    assert threads() == []


def test_a_failing_component_raises_once_what_came_before_was_given(tmp_path: Path) -> None:
    spots = use("Spot", spans=[(0.0, 1.0)], raises=(60,))
    rules = {"spot": SECTIONS["rules"]["spot"]}
    pipeline = Pipeline.from_config(write(tmp_path, detectors={"spots": spots}, rules=rules), out=tmp_path / "out")
    events: list[float] = []
    with pytest.raises(InstantReactError, match="IR4001: spots failed in detect: ValueError: no spot today"):
        events.extend(event.end for event in pipeline.run())
    assert events == [0.0]
    assert pipeline.summary["exit"] == "failed"
    assert threads() == []


@pytest.mark.parametrize(
    ("sections", "error"),
    [
        ({"detectors": {"x": {"use": "./nobody.py:Home"}}}, "IR1003"),
        ({"detectors": {"x": use("Spot", batch="many")}}, "IR1003"),
        ({"sources": {"film": use("Film", fails=9)}}, "IR4000: The film is not there"),
        ({"sources": {"film": use("Film", breaks=1.0)}}, "IR4000: The film tore"),
    ],
)
def test_errors_are_those_of_the_catalogue_and_leave_nothing_behind(
    tmp_path: Path, sections: dict[str, Any], error: str
) -> None:
    with pytest.raises(InstantReactError, match=error):
        play(tmp_path, **{**SECTIONS, **sections})
    until(lambda: threads() == [])


def test_a_mistake_in_the_file_costs_no_earlier_results(tmp_path: Path) -> None:
    store = {"store": f"sqlite:///{tmp_path / 'out' / 'x.db'}", "new_store": True}
    play(tmp_path, store, **SECTIONS)
    (tmp_path / "out" / "report.html").write_text("look")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    with pytest.raises(InstantReactError, match="IR1003"):
        play(tmp_path, store, **{**SECTIONS, "detectors": {"x": {"use": "./nobody.py:Home"}}})
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()} == before


def test_ten_runs_in_a_row_leave_nothing_behind(tmp_path: Path) -> None:
    def run(number: int) -> None:
        store = f"sqlite:///{tmp_path / str(number) / 'x.db'}"
        file = write(tmp_path, **SECTIONS)
        pipeline = Pipeline.from_config(file, out=tmp_path / str(number), video=number % 2 == 0, store=store)
        assert len(list(pipeline.run())) == 6

    run(0)
    before, alive = descriptors(), threading.active_count()
    for number in range(1, 11):
        run(number)
    assert descriptors() <= before
    assert threading.active_count() <= alive
    assert threads() == []


def test_a_label_that_turns_out_to_be_unknown_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    rules = {"spot": {"when": {"any": [{"label": "spot"}, {"label": "spots"}]}}}
    with pytest.raises(InstantReactError, match="no detector here finds 'spots'; did you mean 'spot'") as error:
        play(tmp_path, detectors={"spots": use("Spot")}, rules=rules)
    assert error.value.code == "IR1003"


def test_labels_of_a_detector_that_failed_are_not_missed(tmp_path: Path) -> None:
    rules = {"spot": {"when": {"label": "cat"}}}
    detectors = {"spots": use("Spot"), "broken": {"use": str(tmp_path / "none.py") + ":Cat"}}
    (tmp_path / "none.py").write_text(
        "from instantreact_sdk import Detector\n"
        "class Cat(Detector):\n"
        "    labels = ('cat',)\n"
        "    def __init__(self, options): pass\n"
        "    def open(self, context): raise OSError('gone')\n"
        "    def detect(self, frames): return []\n"
    )
    done = play(tmp_path, {"strict": False}, detectors=detectors, rules=rules)
    assert done.summary["exit"] == "done"
