"""``instantreact-sdk data prelabel``, as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

BRIGHT = """
from instantreact_sdk import Detections, Detector, Options


class BrightOptions(Options):
    least: int = 200
    '''How bright the middle of the picture is.'''


class Bright(Detector):
    labels = ("light",)

    def __init__(self, options: BrightOptions):
        self.least = options.least

    def detect(self, frames):
        there = Detections(boxes=[[0.25, 0.25, 0.75, 0.75]], scores=[0.5], labels=[0])
        return [there if frame.image.mean() >= self.least else Detections.empty() for frame in frames]
"""


def run(folder, *arguments):
    command = [sys.executable, "-c", "from instantreact_sdk.cli import main; main()", "data", *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, cwd=folder)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "bright.py").write_text(BRIGHT)
    (tmp_path / "photos").mkdir()
    for name, shade in (("day", 250), ("dusk", 120)):
        Image.fromarray(np.full((40, 60, 3), shade, np.uint8)).save(tmp_path / "photos" / f"{name}.png")
    return tmp_path


def test_photographs_become_a_dataset_that_check_finds_in_order_and_preview_draws(folder):
    told = run(folder, "prelabel", "photos", "--use", "./bright.py:Bright", "--least", 100, "--out", "first")
    assert told.returncode == 0, told.stderr
    assert told.stdout == (
        "voc:first: 2 pictures, 2 objects (2 light)\n"
        "Correct them in a labelling tool; then `instantreact-sdk data check voc:first`.\n"
    )
    assert run(folder, "check", "first").stdout.endswith("voc:first is in order.\n")
    assert run(folder, "preview", "first").stdout == "preview.png shows 2 of 2 pictures.\n"


def test_a_picture_that_cannot_be_read_ends_with_1_and_the_others_are_written(folder):
    (folder / "photos" / "broken.jpg").write_bytes(b"no picture")
    told = run(folder, "prelabel", "photos", "--use=./bright.py:Bright", "--out", "first", "--json")
    found = json.loads(told.stdout)
    assert told.returncode == 1
    assert (found["ok"], found["pictures"], found["classes"]) == (False, 2, {"light": 1})
    assert found["left_out"] == [
        {"file": "photos/broken.jpg", "problem": "it is none of JPEG, PNG, BMP, TIFF and WebP"}
    ]
    assert sorted(each.name for each in (folder / "first" / "JPEGImages").iterdir()) == ["day.png", "dusk.png"]


def test_help_shows_the_options_of_the_detector_that_is_named(folder):
    told = run(folder, "prelabel", "--use", "./bright.py:Bright", "--help")
    assert told.returncode == 0
    assert "--least" in told.stdout
    assert "prelabel" in run(folder, "--help").stdout


def test_a_mistyped_flag_or_detector_is_a_mistake_of_the_caller(folder):
    flag = run(folder, "prelabel", "photos", "--use", "./bright.py:Bright", "--leest", 1, "--out", "first")
    assert (flag.returncode, "--leest" in flag.stderr) == (2, True)
    name = run(folder, "prelabel", "photos", "--use", "./bright.py:Brigt", "--out", "first")
    assert (name.returncode, "IR2012" in name.stderr) == (2, True)
    assert not (folder / "first").exists()


def test_who_is_interrupted_is_told_how_to_go_on(folder):
    (folder / "bright.py").write_text(
        BRIGHT.replace(
            "        there =", "        if frames[0].image.mean() < 200: raise KeyError('dusk')\n        there ="
        )
    )
    broken = run(folder, "prelabel", "photos", "--use", "./bright.py:Bright", "--out", "first")
    assert broken.returncode == 1
    assert "What is labelled already is in first; the same command with `--resume` goes on." in broken.stderr
    assert "IR4001" in broken.stderr
    (folder / "bright.py").write_text(BRIGHT)
    done = run(folder, "prelabel", "photos", "--use", "./bright.py:Bright", "--out", "first", "--resume")
    assert done.stdout.startswith("voc:first: 2 pictures, 1 objects (1 light)\n"), done.stderr


def test_mistakes_name_the_command_as_it_is_typed(folder):
    words = ("prelabel", "photos", "--use", "./bright.py:Bright", "--least", "much", "--out", "first")
    assert "`instantreact-sdk data prelabel --use ./bright.py:Bright --help`" in run(folder, *words).stderr
    assert "Missing option '--use'" in run(folder, "prelabel", "photos", "--least", 3, "--out", "first").stderr
