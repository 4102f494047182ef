from __future__ import annotations

import subprocess
import sys
import wave
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from instantreact_sdk import Frame, InstantReactError
from instantreact_sdk.config.pipeline_file import PipelineFile
from instantreact_sdk.testing import demo_scene, speech
from instantreact_sdk.testing.demo_clip import demo_pipeline, render_demo_clip
from instantreact_sdk.testing.demo_scene import AT_DOOR, AT_GATE, ENTERS, FALLS, LEAVES_DOOR, LEAVES_GATE, SPEECH
from instantreact_sdk.testing.yard import DOOR, GATE, Polygon

FPS = 12


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "yard.mp4"
    render_demo_clip(path)
    return path


@pytest.fixture(scope="module")
def pictures(clip: Path) -> list[np.ndarray]:
    return decoded(clip)


def decoded(path: Path) -> list[np.ndarray]:
    capture = cv2.VideoCapture(str(path))
    found = []
    while (got := capture.read())[0]:
        found.append(got[1])
    capture.release()
    return found


def sound(path: Path, folder: Path) -> tuple[np.ndarray, int]:
    from imageio_ffmpeg import get_ffmpeg_exe

    subprocess.run([get_ffmpeg_exe(), "-loglevel", "error", "-i", path, folder / "a.wav"], check=True)
    with wave.open(str(folder / "a.wav")) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768, file.getframerate()


def test_is_twenty_seconds_of_640_by_360_at_12(clip: Path, pictures: list[np.ndarray]):
    assert len(pictures) == 240
    assert pictures[0].shape == (360, 640, 3)
    assert cv2.VideoCapture(str(clip)).get(cv2.CAP_PROP_FPS) == FPS


def test_nothing_moves_until_somebody_enters_and_then_somebody_always_does(pictures: list[np.ndarray]):
    # The clock at the bottom left goes on all the time.
    moving = [int((cv2.absdiff(a, b)[:320].max(axis=2) > 24).sum()) for a, b in pairwise(pictures)]
    first = round(ENTERS * FPS)
    assert max(moving[: first - 1]) == 0
    # A waving arm stands still at its turning points, not for half a second.
    assert min(max(moving[k : k + 6]) for k in range(first, len(moving) - 6)) > 100


def _inside(polygon: Polygon, x: float, y: float) -> bool:
    return cv2.pointPolygonTest(np.array(polygon, np.float32), (x, y), False) >= 0


def test_motion_sees_one_stay_at_the_gate_and_one_pass_the_door(pictures: list[np.ndarray], tmp_path: Path):
    from instantreact_opencv.motion import Motion, MotionOptions

    detector = Motion(MotionOptions())
    detector.open(None)
    there: dict[str, dict[int, list[float]]] = {"gate": {}, "door": {}}
    for index, picture in enumerate(pictures):
        (found,) = detector.detect([Frame(picture, time=index / FPS, index=index, order="BGR")])
        for row, (left, _, right, bottom) in enumerate(found.boxes.tolist()):
            for name, polygon in (("gate", GATE), ("door", DOOR)):
                if _inside(polygon, (left + right) / 2, bottom):
                    there[name].setdefault(int(found.tracks[row]), []).append(index / FPS)
    for name, start, end in (("gate", AT_GATE, LEAVES_GATE), ("door", AT_DOOR, LEAVES_DOOR)):
        (times,) = there[name].values()  # one figure, all the time the same track
        assert times[0] == pytest.approx(start, abs=0.5)
        assert times[-1] == pytest.approx(end, abs=0.5)
        assert max(np.diff(times)) < 1.0, "gaps that a rule would not forgive"


def test_the_third_person_lies_after_the_fall(pictures: list[np.ndarray]):
    def extent(time: float) -> tuple[int, int]:
        moved = cv2.absdiff(pictures[round(time * FPS)], pictures[0])[:320].max(axis=2) > 40
        rows, columns = np.flatnonzero(moved.any(axis=1)), np.flatnonzero(moved.any(axis=0))
        return int(np.ptp(columns)), int(np.ptp(rows))

    wide, tall = extent(FALLS - 0.2)
    assert tall > 1.5 * wide
    wide, tall = extent(FALLS + 1.0)
    assert wide > 1.2 * tall, "with an arm in the air"


def test_the_call_is_where_it_is_said_to_be_and_the_rest_is_quiet(clip: Path, tmp_path: Path):
    samples, rate = sound(clip, tmp_path)

    def loudness(start: float, end: float) -> float:
        return float(np.sqrt(np.mean(samples[round(start * rate) : round(end * rate)] ** 2)))

    assert len(samples) / rate == pytest.approx(20, abs=0.1)
    assert 0 < loudness(0, SPEECH - 0.1) < 0.01
    assert loudness(SPEECH, SPEECH + 0.5) > 0.03
    assert loudness(SPEECH, SPEECH + 2.3) > 0.03


def test_the_picture_is_the_same_every_time(clip: Path, pictures: list[np.ndarray], tmp_path: Path):
    script = "import sys; from pathlib import Path; from instantreact_sdk.testing.demo_clip import render_demo_clip;"
    subprocess.run(
        [sys.executable, "-c", script + "render_demo_clip(Path(sys.argv[1]))", tmp_path / "b.mp4"], check=True
    )
    again = decoded(tmp_path / "b.mp4")
    assert len(again) == len(pictures)
    assert all((a == b).all() for a, b in zip(again, pictures, strict=True))


def test_other_lengths_sizes_and_rates_are_kept(tmp_path: Path):
    render_demo_clip(tmp_path / "a.mp4", seconds=3, width=320, height=180, fps=10)
    pictures = decoded(tmp_path / "a.mp4")
    assert len(pictures) == 30
    assert pictures[0].shape == (180, 320, 3)


def test_without_the_synthesizer_it_names_the_extra_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    speech._synthesizer.cache_clear()
    with pytest.raises(InstantReactError, match=r"IR6001: This needs espeakng-loader.*instantreact-sdk\[demo\]"):
        render_demo_clip(tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_says_where_the_clip_could_not_be_written(tmp_path: Path):
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(InstantReactError, match=r"IR4020: .*a\.mp4 could not be written"):
        render_demo_clip(tmp_path / "a.mp4", seconds=1)


def test_the_pipeline_file_is_valid_and_its_zones_are_those_painted():
    pipeline = PipelineFile.model_validate(yaml.safe_load(demo_pipeline()))
    assert tuple(pipeline.zones["gate"].polygon) == GATE
    assert tuple(pipeline.zones["door"].polygon) == DOOR
    assert len(pipeline.rules) == 2


def test_speech_grows_with_what_is_said():
    short, rate = speech.spoken("Help!")
    long, _ = speech.spoken(demo_scene.WORDS)
    assert rate == 22050
    assert 0.2 < len(short) / rate < len(long) / rate < 4
    assert 0.1 < np.abs(long).max() <= 1
    assert long.dtype == np.float32
