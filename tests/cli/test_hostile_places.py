"""Commands in folders, and on files, that are against them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

PROGRAM = str(Path(sys.executable).with_name("instantreact-sdk"))


def run(folder: Path, *arguments: str | bytes, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        errors="replace",
    )


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(3):
        cv2.imwrite(str(folder / f"{number}.png"), np.zeros((36, 64, 3), np.uint8))
    return folder


def test_files_that_are_called_like_python_modules_are_not_run(tmp_path, pictures):
    for module in ("json", "locale", "queue", "numpy", "instantreact_sdk"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('this is not the module that was meant')")
    done = run(tmp_path, "analyze", str(pictures), "--out", "out", "--no-video")
    assert (done.returncode, "not the module" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("out", ["taken", "taken/below"])
def test_a_demo_that_has_no_place_says_so(tmp_path, out):
    (tmp_path / "taken").write_text("precious")
    done = run(tmp_path, "demo", "--out", out)
    assert (done.returncode, done.stderr.partition(":")[0]) == (1, "IR5020")
    assert (tmp_path / "taken").read_text() == "precious"


def test_a_name_that_is_no_text_is_told(tmp_path):
    done = run(tmp_path, "analyze", b"bad\xff.mp4", "--out", "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("IR3002: 'bad\\udcff.mp4' cannot be opened: its name is no UTF-8.")


@pytest.mark.parametrize("address", ["rtsp:/anna:s3cret@10.0.0.7/cam", "anna:s3cret@10.0.0.7"])
@pytest.mark.parametrize("command", [("analyze", "--out", "out"), ("sources", "probe")])
def test_an_address_that_lost_a_slash_keeps_its_password(tmp_path, command, address):
    done = run(tmp_path, *command, address)
    assert done.returncode == 2
    assert "10.0.0.7" in done.stderr
    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert b"s3cret" not in b"".join([done.stdout.encode(), done.stderr.encode(), *written])


@pytest.mark.parametrize("entry_points", [b"\xff\xfe", b"[something.else]\nno target\n"])
def test_broken_metadata_of_a_distribution_that_is_no_plugin_ends_no_command(tmp_path, pictures, entry_points):
    info = tmp_path / "packages" / "broken-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_bytes(entry_points)
    for arguments in (["plugins", "list"], ["analyze", str(pictures), "--out", "out", "--no-video"]):
        done = run(tmp_path, *arguments, PYTHONPATH=str(info.parent))
        assert (done.returncode, "broken" in done.stdout) == (0, False), done.stdout + done.stderr


def test_a_local_component_works_in_a_folder_whose_name_is_no_text(tmp_path):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \"'"))
    folder.mkdir()
    (folder / "blob.py").write_text(
        "from instantreact_sdk import Detections, Detector\n\n\n"
        "class Blob(Detector):\n"
        "    labels = ('blob',)\n\n"
        "    def detect(self, frames):\n"
        "        return [Detections.empty() for _ in frames]\n"
    )
    checked = run(folder, "plugins", "check", "./blob.py:Blob", "--only", "answers")
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
