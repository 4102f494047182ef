"""The guide "Train a detector on your own pictures" works as it stands there."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from labelled import picture, voc_object, voc_xml

GUIDE = Path(__file__).resolve().parents[3] / "website/docs/guides/train-a-detector.md"
BLOCK = re.compile(r"^```(?P<language>\w+)(?P<meta>[^\n]*)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
INSTEAD = {"--epochs 60": "--epochs 1 --base-weights none --batch-size 4"}
"""A reader has time, and a network to download the weights of VGG16."""


def commands(text: str) -> list[list[str]]:
    for said, done in INSTEAD.items():
        assert said in text
        text = text.replace(said, done)
    return [
        shlex.split(line)
        for block in BLOCK.finditer(text)
        if block["language"] == "bash" and "notest" not in block["meta"]
        for line in block["text"].splitlines()
    ]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A reader's folder: pictures of cells, and the pipeline file of the guide."""
    for number in range(10):
        picture(tmp_path / f"cells/JPEGImages/c{number:02}.jpg", seed=number)
        voc_xml(tmp_path / "cells", f"c{number:02}", voc_object("WBC"), voc_object("RBC", (31, 5, 60, 30)))
    (yaml,) = [block["text"] for block in BLOCK.finditer(GUIDE.read_text("utf-8")) if block["language"] == "yaml"]
    (tmp_path / "instantreact.yaml").write_text(yaml)
    return tmp_path


def test_the_guide_is_followed_to_its_end(desk):
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for command in commands(GUIDE.read_text("utf-8")):
        done = subprocess.run(command, cwd=desk, env=env, capture_output=True, text=True, check=False, timeout=280)
        assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}{done.stderr}"
    made = re.findall(r"^\| (`.+?`) \|", GUIDE.read_text("utf-8"), re.MULTILINE)
    names = [name.strip("`/") for row in made for name in row.split(", ")]
    assert len(names) == 9
    assert [name for name in names if not (desk / "run" / name).exists()] == []
    assert (desk / "report/report.html").exists()
    assert (desk / "preview.png").exists()
    assert len(list((desk / "drawn").iterdir())) == 10
    assert json.loads((desk / "cells.json").read_text())["labels"] == ["RBC", "WBC"]


def test_a_label_that_the_weights_do_not_know_is_refused(desk):
    """As the guide says it is."""
    (desk / "run").mkdir()
    card = {"component": "ssd/ssd300", "weights": "weights.safetensors", "labels": ["RBC", "WBC"]}
    (desk / "run/weights.json").write_text(json.dumps(card))
    (desk / "run/weights.safetensors").write_bytes(b"")
    text = (desk / "instantreact.yaml").read_text()
    (desk / "instantreact.yaml").write_text(text.replace("label: WBC", "label: WBX"))
    command = [Path(sys.executable).parent / "instantreact-sdk", "config", "check", "instantreact.yaml"]
    done = subprocess.run(command, cwd=desk, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode != 0
    assert "WBX" in done.stdout + done.stderr
    assert "WBC" in done.stdout + done.stderr
