"""``instantreact-sdk sources probe`` on real cameras and files."""

from __future__ import annotations

import json
import socket

import pytest
from typer.testing import CliRunner

from instantreact_sdk import InstantReactError
from instantreact_sdk.cli.sources import app


def probed(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["probe", *arguments])
    if isinstance(result.exception, InstantReactError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def login(http_camera) -> str:
    return f"http://anna:p%40ss%2Fword@127.0.0.1:{http_camera.port}/locked"


def test_a_camera_is_described_and_its_picture_written(login, tmp_path) -> None:
    import cv2

    shot = tmp_path / "shot.jpg"
    found = json.loads(probed(login, "--json", "--seconds", "2", "--shot", str(shot)))
    assert found["source"] == "opencv/video"
    assert (found["width"], found["height"], found["live"], found["sound"]) == (160, 120, True, False)
    assert found["codec"] == "mjpg"
    assert found["fps"] == pytest.approx(15, rel=0.2)
    assert found["stated_fps"] is None
    assert found["shot"] == str(shot)
    assert cv2.imread(str(shot)).shape == (120, 160, 3)


def test_people_read_what_programs_read(login, monkeypatch) -> None:
    monkeypatch.setenv("CAMERA", login)
    shown = probed("env:CAMERA", "--seconds", "1")
    assert "source     env:CAMERA (opencv/video, live)" in shown
    assert "picture    160 x 120, mjpg" in shown
    assert "anna" not in shown


@pytest.mark.usefixtures("gstreamer")
def test_an_rtsp_camera_states_its_rate(camera) -> None:
    one = camera("rtsp_camera.py")
    found = json.loads(probed(f"rtsp://127.0.0.1:{one.port}/cam", "--json", "--seconds", "2"))
    assert (found["stated_fps"], found["codec"]) == (15, "h264")


def test_a_file_is_read_for_so_many_of_its_own_seconds(tmp_path) -> None:
    import cv2
    import numpy as np

    file = str(tmp_path / "clip.avi")
    writer = cv2.VideoWriter(file, cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for number in range(100):
        writer.write(np.full((48, 64, 3), number, np.uint8))
    writer.release()
    found = json.loads(probed(file, "--json", "--seconds", "4"))
    assert (found["live"], found["frames"], found["lag"]) == (False, 41, None)
    assert found["fps"] == pytest.approx(10, rel=0.01)
    assert found["duration"] == pytest.approx(10, abs=0.11)


@pytest.mark.parametrize(
    ("url", "code", "exit_code"),
    [
        ("nowhere.mp4", "IR3001", 2),
        ("ftp://10.0.0.7/cam", "IR3006", 2),
        ("env:NO_SUCH_CAMERA", "IR3037", 2),
        ("rtsp://anna:s3cret@camera.invalid/cam", "IR3021", 1),
        ("rtsp://anna:s3/cret@10.0.0.7/cam", "IR3020", 2),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_cause(url, code, exit_code) -> None:
    with pytest.raises(InstantReactError) as caught:
        probed(url)
    assert (caught.value.code, caught.value.exit_code) == (code, exit_code)
    assert "s3" not in str(caught.value)


def test_a_camera_that_never_answers_is_waited_for_until_the_cause_is_known() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        pytest.raises(InstantReactError, match="IR3027"),
    ):
        probed(f"rtsp://127.0.0.1:{mute.getsockname()[1]}/cam", "--seconds", "1")


def test_a_shot_is_a_jpeg(login) -> None:
    with pytest.raises(InstantReactError, match="IR6003: --shot writes a JPEG"):
        probed(login, "--shot", "shot.png")
