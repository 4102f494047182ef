"""What ``analyze`` and ``run`` say to people, and where they put things."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

PROGRAM = str(Path(sys.executable).with_name("instantreact-sdk"))


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a video of three seconds in which a square goes to and fro in the last two."""
    writer = cv2.VideoWriter(str(tmp_path / "lobby [red].avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (160, 120))
    for index in range(30):
        image = np.zeros((120, 160, 3), np.uint8)
        if index >= 10:
            left = 20 + 10 * (index % 8)
            image[40:80, left : left + 40] = 255
        writer.write(image)
    writer.release()
    return tmp_path


def pipeline(folder: Path, rule: dict[str, object], **more: object) -> None:
    file = {
        "sources": {"lobby": {"use": "opencv/video", "options": {"url": "lobby [red].avi"}}},
        "detectors": {"movement": {"use": "opencv/motion"}},
        "rules": {"\x9bmoves [red]": {"when": rule}},
    }
    (folder / "instantreact.yaml").write_text(json.dumps(file | more))


def test_results_are_named_after_the_video_and_those_of_a_run_after_its_file(folder: Path) -> None:
    pipeline(folder, {"label": "motion"})
    analyzed = run(folder, "analyze", "lobby [red].avi", "--config", "instantreact.yaml", "--no-video")
    ran = run(folder, "run")
    assert (analyzed.returncode, ran.returncode) == (0, 0), analyzed.stderr + ran.stderr
    assert (folder / "lobby _red_-out" / "report.html").exists()
    assert (folder / "instantreact-events" / "events.jsonl").exists()
    assert "events show ID --store 'lobby _red_-out'\n" in analyzed.stderr
    assert "Events: instantreact-sdk events list --store instantreact.db\n" in ran.stderr
    assert "\x9b" not in ran.stdout + ran.stderr
    assert "moves [red] at lobby" in ran.stdout


def test_where_nothing_happened_the_way_to_what_nearly_did_is_told(folder: Path) -> None:
    pipeline(folder, {"label": "motion", "for": "30s"})
    done = run(folder, "analyze", "lobby [red].avi", "--config", "instantreact.yaml", "--out", "out", "--no-video")
    assert "0 events, 1 near miss, 0 alerts in 0:02.9 of video" in done.stderr
    hint = "What was missing: instantreact-sdk events list --near-misses --store out"
    assert hint in done.stderr.splitlines()
    assert "not true" in run(folder, *hint.split()[4:]).stdout


@pytest.mark.parametrize("command", [("run",), ("analyze", "none.mp4"), ("analyze", "rtsp://127.0.0.1:1/cam")])
def test_the_error_that_ends_it_is_told_once(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "instantreact.yaml").write_text("sources: {cam: {use: opencv/video, options: {url: none.mp4}}}\n")
    done = run(tmp_path, *command)
    assert done.returncode != 0
    assert done.stderr.startswith("IR30"), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
