"""Observing hooks of plugins while a pipeline runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from at_work import cli
from playing import lines, use, write
from zoo import Animal, settle

HOOKS = """
import json
from pathlib import Path
from instantreact_sdk import Detections, Detector, DetectorSpec, hookimpl

@hookimpl
def instantreact_register():
    return [DetectorSpec(name="eye", summary="An eye.", factory="zoo_observer.hooks:Eye", options="instantreact_sdk:NoOptions")]

class Eye(Detector):
    labels = ("nothing",)

    def detect(self, frames):
        return [Detections.empty() for _ in frames]

def heard(what):
    with Path("heard").open("a") as file:
        file.write(json.dumps(what) + "\\n")

@hookimpl
def instantreact_event(event):
    heard([event.rule, event.end])
    {on_event}

@hookimpl
def instantreact_health(health):
    heard([health.kind, health.by])
"""


@pytest.mark.parametrize(
    ("on_event", "told"),
    [
        ("pass", ""),
        ("raise ValueError('not now')", "ValueError: not now"),
        ("raise SystemExit(3)", "sys.exit(3)"),
        ("import threading; threading.Event().wait()", ""),
    ],
)
def test_a_hook_hears_what_happens_and_can_hold_nothing_up(tmp_path: Path, on_event: str, told: str) -> None:
    settle(tmp_path, Animal("observer", {"hooks.py": HOOKS.replace("{on_event}", on_event)}))
    write(
        tmp_path,
        detectors={"eye": {"use": "observer"}, "spots": use("Spot", spans=[(1.0, 2.0), (5.0, 6.0)], raises=[90])},
        rules={"spot": {"when": {"label": "spot"}}},
    )
    done = cli("run", "pipeline.yaml", "--out", "out", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    events = lines(tmp_path / "out" / "events.jsonl")
    assert [event["end"] for event in events] == [1.0, 5.0]
    heard = lines(tmp_path / "heard")
    assert ["spot", 1.0] in heard
    assert ["plugin_failed", "spots"] in heard
    assert (["spot", 5.0] in heard) == ("wait" not in on_event)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    failures = [one for one in summary["health"] if one["by"] == "zoo-observer 1.0"]
    assert len(failures) == (1 if told else 0)  # told once, however often it happens
    assert all(told in one["detail"] for one in failures)
