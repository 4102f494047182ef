"""``analyze VIDEO --detector USE``: a detector tried on a video without a pipeline file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from instantreact_sdk.testing import render_demo_clip

BRIGHT = """
from instantreact_sdk import Detections, Detector


class Bright(Detector):
    labels = ("lamp",)

    def detect(self, frames):
        return [Detections([[0.25, 0.25, 0.5, 0.5]], [0.9], [0]) for _ in frames]
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    render_demo_clip(tmp_path / "yard.mp4", seconds=3, width=160, height=90)
    (tmp_path / "bright.py").write_text(BRIGHT)
    return tmp_path


def analyze(desk: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("instantreact-sdk"), "analyze", "yard.mp4", "--no-video", *arguments]
    return subprocess.run(command, cwd=desk, env=os.environ, capture_output=True, text=True, check=False, timeout=120)


def seen(desk: Path) -> list[dict]:
    return [json.loads(line) for line in (desk / "yard-out" / "observations.jsonl").read_text().splitlines()]


def test_a_class_of_a_file_looks_at_every_frame_and_whatever_it_finds_is_an_event(desk):
    done = analyze(desk, "--detector", "./bright.py:Bright")
    assert done.returncode == 0, done.stderr
    assert {(one["by"], *one["data"]["labels"]) for one in seen(desk)} == {("Bright", "lamp")}
    (event,) = (desk / "yard-out" / "events.jsonl").read_text().splitlines()
    assert json.loads(event)["rule"] == "something is found"


def test_two_of_one_name_are_both_asked(desk):
    (desk / "other.py").write_text(BRIGHT.replace('"lamp"', '"torch"'))
    done = analyze(desk, "-d", "./bright.py:Bright", "-d", "./other.py:Bright")
    assert done.returncode == 0, done.stderr
    assert {(one["by"], *one["data"]["labels"]) for one in seen(desk)} == {("Bright", "lamp"), ("Bright 2", "torch")}


def test_a_pipeline_file_names_its_own_detectors(desk):
    done = analyze(desk, "--detector", "opencv/motion", "--config", "any.yaml")
    assert done.returncode == 2
    assert done.stderr.startswith("IR6003: --config and --detector exclude each other")
