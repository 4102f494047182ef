"""A run's folder, written by hand as `analyze` writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from instantreact_sdk import Caption, Detections, Event, Frame, Health, Observation, SoundEvent, Transcript
from instantreact_sdk.report import AnnotatedVideo, write_snapshot

TRACE = {
    "condition": "all of 2 within 10 s",
    "result": True,
    "because": "all became true within 4.2 s",
    "evidence": [],
    "children": [
        {
            "condition": "label person in gate, for 2 s",
            "result": True,
            "because": "true for 2.1 s",
            "evidence": ["yard/people/40"],
            "children": [],
        },
        {
            "condition": "words help",
            "result": True,
            "because": "heard “help me”",
            "evidence": ["yard/words/0"],
            "children": [],
        },
    ],
}


def dump(path: Path, lines: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def summary(**more: Any) -> dict[str, Any]:
    return {
        "v": 1,
        "sdk": "0.1.0",
        "config": "pipeline.yaml",
        "sources": {
            "yard": {
                "frames": 100,
                "sampled": 50,
                "seconds": 10.0,
                "width": 320,
                "height": 240,
                "fps": 10.0,
                "live": False,
                "sound": True,
            }
        },
        "components": {
            "people": {"kind": "detector", "use": "opencv/motion", "calls": 50, "seconds": 0.4, "failures": 0}
        },
        "events": 2,
        "near_misses": 1,
        "alerts": 1,
        "wall_seconds": 0.81,
        "speed": 12.3456,
        "health": [
            {
                "kind": "frozen",
                "detail": "The picture has not changed for 5 s.",
                "source": "yard",
                "by": "yard",
                "time": 7.5,
            }
        ],
        "exit": "done",
        **more,
    }


def write_run(
    out: Path, *, rule: str = "cry for help", label: str = "person", text: str = "help me please", video: bool = False
) -> list[Event]:
    """A run of ten seconds with two events, a near miss, an alert."""
    picture = np.full((240, 320, 3), 90, np.uint8)
    seen = [
        Observation(
            f"yard/people/{k}",
            "yard",
            "people",
            k / 5,
            k / 5,
            Detections([[0.2, 0.2, 0.4, 0.8]], [0.9], [0]),
            k * 2,
            (label,),
        )
        for k in range(10, 40)
    ]
    seen += [
        Observation("yard/words/0", "yard", "words", 4.0, 6.0, Transcript(text, 4.0, 6.0, 0.9)),
        Observation("yard/scene/0", "yard", "scene", 0.0, 8.0, Caption(text, 0.7, 0.0, 8.0)),
        Observation("yard/ears/0", "yard", "ears", 3.0, 3.5, SoundEvent(label, 0.7, 3.0, 3.5)),
        Observation("yard/yard/0", "yard", "yard", 7.5, 7.5, Health("frozen", text, "yard", "yard", 7.5)),
    ]
    events = [
        Event(rule, "yard", 4.0, 6.2, ("yard/people/20", "yard/words/0"), TRACE),
        Event(rule, "yard", 8.0, 8.4, ("yard/people/40",), TRACE),
    ]
    near = {**TRACE, "result": False, "because": f"only {text}"}
    out.mkdir(parents=True, exist_ok=True)
    dump(out / "observations.jsonl", [each.line() for each in seen])
    dump(out / "events.jsonl", [event.line() for event in events])
    dump(out / "near_misses.jsonl", [Event(rule, "yard", 1.0, 1.5, ("yard/people/3",), near).line()])
    dump(out / "alerts.jsonl", [
        {"v": 1, "id": "a", "rule": rule, "source": "yard", "recipient": "anna", "time": 6.2, "text": f"{text}!", "events": [event.id for event in events], "delivered": False}
    ])  # fmt: skip
    (out / "summary.json").write_text(json.dumps(summary()), encoding="utf-8")
    write_snapshot(out / "snapshots" / f"{events[0].id}.jpg", picture, seen[:1])
    if video:
        with AnnotatedVideo(out / "annotated.mp4", 320, 240, 10) as writer:
            for k in range(100):
                writer.write(Frame(np.full((240, 320, 3), k * 2, np.uint8), time=k / 10, index=k))
    return events
