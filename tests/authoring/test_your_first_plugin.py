"""The guide "Your first plugin" works as it stands there, in as few steps as it says."""

from __future__ import annotations

import base64
import json
import re
import shlex
from pathlib import Path

import cv2
import numpy as np
import pytest

from instantreact_sdk.report.colours import colour_of

GUIDE = Path(__file__).resolve().parents[2] / "website" / "docs" / "guides" / "your-first-plugin.md"
BLOCK = re.compile(r"^```(?P<language>\w+)(?P<meta>[^\n]*)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(section: str) -> list[tuple[str, str, str]]:
    """Language, title and text of each block that a reader acts upon, in a section of the guide."""
    text = GUIDE.read_text(encoding="utf-8")
    (part,) = [part for part in text.split("\n## ") if part.startswith(f"{section}\n")]
    found = [(one["language"], one["meta"], one["text"]) for one in BLOCK.finditer(part)]
    return [
        (language, (re.search(r'title="(.+?)"', meta) or ["", ""])[1], text)
        for language, meta, text in found
        if "notest" not in meta
    ]


def edit(path: Path, change: str) -> int:
    """Apply a block of removed and added lines; how many lines it writes."""
    lines = change.splitlines(keepends=True)
    old, new = ("".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path} has not this, once:\n{old}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return new.count("\n")


def follow(author, section: str) -> tuple[list[str], int]:
    """Do what a section says; the commands that it took, and the lines that were edited."""
    commands, edited = [], 0
    for language, title, text in blocks(section):
        if language == "bash":
            for command in text.splitlines():
                author.run(*shlex.split(command))
                commands.append(command)
        elif language == "diff":
            edited += edit(author.folder / title, text)
        else:
            (author.folder / title).write_text(text, encoding="utf-8")
    return commands, edited


def assert_boxes_are_in_the_report(results: Path, label: str) -> None:
    """The report shows the event's picture, and there the box is drawn where the detector saw it."""
    event = json.loads((results / "events.jsonl").read_text().splitlines()[0])
    observations = [json.loads(line) for line in (results / "observations.jsonl").read_text().splitlines()]
    seen = next(one for one in observations if one["id"] == event["evidence"][-1])
    assert set(seen["data"]["labels"]) == {label}
    page = (results / "report.html").read_text()
    assert "annotated.mp4" in page
    (shown,) = re.findall(r"data:image/jpeg;base64,([\w+/=]+)", page)
    pixels = np.frombuffer(base64.b64decode(shown), np.uint8)
    picture = cv2.cvtColor(cv2.imdecode(pixels, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    height, width = picture.shape[:2]
    for x_min, y_min, _, y_max in seen["data"]["boxes"]:
        rows = np.linspace(y_min * height, y_max * height, 22)[6:-6].astype(int)  # away from corners and caption
        columns = round(x_min * width) + np.arange(-8, 9)
        strip = picture[rows[:, None], columns.clip(0, width - 1)].astype(int)
        distance = np.median(np.abs(strip - colour_of(label)).sum(axis=2), axis=0)
        # JPEG blurs a line of two pixels, so it is looked for by contrast: nothing but the line is so much of its colour.
        assert distance[6:11].min() < 0.6 * np.median(distance), f"no edge at {x_min:.3f}"


@pytest.mark.timeout(600)
def test_a_file_has_boxes_in_the_report_after_two_commands(author):
    commands, _ = follow(author, "One file, two commands")
    assert len(commands) == 2
    assert_boxes_are_in_the_report(author.folder / "yard-out", "bright")
    follow(author, "Does it keep its promises?")


@pytest.mark.timeout(600)
def test_a_package_has_boxes_in_the_report_after_six_commands_and_fifteen_lines(author):
    commands, edited = follow(author, "A package, six commands")
    assert len(commands) <= 6
    assert 0 < edited <= 15
    assert_boxes_are_in_the_report(author.folder / "yard-out", "lamp")
