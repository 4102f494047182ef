"""The README's code works as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from labelled import picture, voc_object, voc_xml

from instantreact_sdk.testing.demo_clip import render_demo_clip

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = re.findall(
    r"^```(\w+)[^\n]*\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
)
YAML = next(text for language, text in BLOCKS if language == "yaml")
SCRIPT, DETECTOR = (text for language, text in BLOCKS if language == "python")
COMMANDS = [
    line.partition("#")[0].split() for language, text in BLOCKS if language == "bash" for line in text.splitlines()
]

LEARNING = ("train", "evaluate", "detect")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A reader's folder: the demo clip as the lobby, the pipeline file, the detector."""
    render_demo_clip(tmp_path / "lobby.mp4")
    (tmp_path / "instantreact.yaml").write_text(YAML)
    (tmp_path / "bright.py").write_text(DETECTOR)
    return tmp_path


def ran(*command: str, folder: Path) -> str:
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_commands_on_labelled_pictures_work(tmp_path: Path) -> None:
    for number, camera in enumerate(["gate", "door", "hall"]):
        picture(tmp_path / f"cells/JPEGImages/{camera}_01.jpg", seed=number)
        voc_xml(tmp_path / "cells", f"{camera}_01", voc_object())
    commands = [command for command in COMMANDS if command[:2] == ["instantreact-sdk", "data"]]
    assert len(commands) == 4
    for command in commands:
        ran(*command, folder=tmp_path)
    assert (tmp_path / "preview.png").exists()


def test_the_commands_on_a_video_work(desk: Path) -> None:
    commands = [
        command
        for command in COMMANDS
        if command[:1] == ["instantreact-sdk"] and command[1] not in {"data", *LEARNING} and "dev" not in command
    ]
    assert len(commands) == 9  # and `plugins dev`, which lasts until Ctrl-C, and has tests of its own
    for command in commands:
        ran(*command, folder=desk)
    assert (desk / "lobby-out" / "report.html").exists()
    assert "somebody came in" in (desk / "alerts.jsonl").read_text()


def test_the_commands_on_training_are_ones_that_the_plugin_takes(tmp_path: Path) -> None:
    commands = [command for command in COMMANDS if command[:1] == ["instantreact-sdk"] and command[1] in LEARNING]
    assert [command[1] for command in commands] == list(LEARNING)
    for command in commands:
        # Training takes long, and tests of the plugin do it: here it is enough that what is typed is understood.
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        told = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=120)
        code = {"train": "IR7002", "evaluate": "IR7002", "detect": "IR3001"}[command[1]]
        assert told.stderr.startswith(code), told.stderr


def test_the_python_lines_print_the_same_events(desk: Path) -> None:
    printed = ran(sys.executable, "-c", SCRIPT, folder=desk)
    events = [json.loads(line) for line in (desk / "lobby-out" / "events.jsonl").read_text().splitlines()]
    assert events
    assert printed.count("somebody came in at lobby: ") == len(events)
    assert f"\n{len(events)} in all, at " in printed


def test_the_detector_finds_the_lamps(desk: Path) -> None:
    line = next(re.finditer(r"^`(lamps: .+?)`", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))[1]
    (desk / "bright.yaml").write_text(
        YAML.replace("movement: {use: opencv/motion}", line).replace("label: motion", "label: bright")
    )
    ran("instantreact-sdk", "analyze", "lobby.mp4", "-c", "bright.yaml", "--out", "out", "--no-video", folder=desk)
    seen = [json.loads(line) for line in (desk / "out" / "observations.jsonl").read_text().splitlines()]
    assert {label for one in seen for label in one["data"]["labels"]} == {"bright"}
    # Light is found in every frame, for the lamps of the drawn yard burn all night.
    assert len(seen) == json.loads((desk / "out" / "summary.json").read_text())["sources"]["lobby"]["sampled"]


def test_files_that_it_points_to_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / target).exists(), target
