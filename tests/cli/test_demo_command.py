"""``instantreact-sdk demo``, where only its clip is wanted."""

from __future__ import annotations

import cv2
import typer
from typer.testing import CliRunner

from instantreact_sdk.cli.demo import command

app = typer.Typer()
app.command()(command)


def test_the_clip_alone_is_written_as_a_film(tmp_path):
    told = CliRunner().invoke(app, ["--clip", str(tmp_path / "examples" / "yard.mp4")])
    assert told.exit_code == 0, told.output
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")] == ["examples/yard.mp4"]


def test_the_clip_alone_is_written_as_pictures(tmp_path):
    told = CliRunner().invoke(app, ["--pictures", str(tmp_path / "pictures")])
    assert told.exit_code == 0, told.output
    pictures = sorted(tmp_path.rglob("*.*"))
    assert len(pictures) == 20 * 4  # seconds, and pictures a second
    assert cv2.imread(str(pictures[0])).shape == (360, 640, 3)


def test_a_file_that_is_there_already_stays_as_it_is(tmp_path):
    own = tmp_path / "own.mp4"
    own.write_bytes(b"somebody's film")
    told = CliRunner().invoke(app, ["--clip", str(own)])
    assert told.exit_code == 0
    assert own.read_bytes() == b"somebody's film"
    assert "is there already, and stays as it is" in told.output
