"""``instantreact-sdk detect``."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from instantreact_sdk import Detections, InstantReactError, detect
from instantreact_sdk.cli.root import root
from instantreact_sdk.testing import media

BRIGHT = '''
import numpy as np
from instantreact_sdk import Detections, Detector, Options


class Light(Options):
    least: float = 0.5
    """How bright."""


class Bright(Detector):
    """The brightest half of the picture, left or right."""

    labels = ("left", "right")
    batch_size = 2

    def __init__(self, options: Light):
        self.options = options

    def detect(self, frames):
        return [self.find(frame.image / 255) for frame in frames]

    def find(self, image):
        halves = [half.mean() for half in np.array_split(image, 2, axis=1)]
        side = int(np.argmax(halves))
        if halves[side] < self.options.least:
            return Detections.empty()
        return Detections([[side / 2, 0, side / 2 + 0.5, 1]], [halves[side]], [side])
'''
USE = ("--use", "./bright.py:Bright")


@pytest.fixture
def folder(tmp_path, monkeypatch, own_home):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bright.py").write_text(BRIGHT)
    for name, side in (("left.png", np.s_[:, :50]), ("right.png", np.s_[:, 50:])):
        image = np.zeros((60, 100, 3), np.uint8)
        image[side] = 204  # 0.8 of white
        cv2.imwrite(name, image)
    return tmp_path


@pytest.fixture
def run(capsys):
    def run(*arguments: str) -> str:
        root().main(["detect", *arguments], standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_what_is_found_in_pictures_is_drawn_and_listed(folder, run):
    told = run("left.png", "right.png", *USE).splitlines()
    assert told[0].split() == ["picture", "label", "score", "left", "top", "width", "height"]
    assert told[1].split() == ["left.png", "left", "0.80", "0", "0", "50", "60"]
    assert told[2].split() == ["right.png", "right", "0.80", "50", "0", "50", "60"]
    drawn = cv2.imread("left.detected.png")
    assert drawn.shape == (60, 100, 3)
    assert (drawn != cv2.imread("left.png")).any()
    assert Path("right.detected.png").exists()


def test_as_json_nothing_is_drawn_unless_asked(folder, run):
    (told,) = json.loads(run("right.png", *USE, "--json"))
    assert told == {
        "picture": "right.png",
        "width": 100,
        "height": 60,
        "objects": [{"label": "right", "score": 0.8, "box": [0.5, 0.0, 1.0, 1.0]}],
    }
    assert not Path("right.detected.png").exists()
    run("right.png", *USE, "--json", "--out", "seen/it.png")
    assert Path("seen/it.png").exists()


def test_options_of_the_detector_are_flags(folder, run):
    (told,) = json.loads(run("left.png", *USE, "--json", "--least", "0.9"))
    assert told["objects"] == []
    assert "nothing" in run("left.png", *USE, "--least", "0.9")
    with pytest.raises(InstantReactError, match=r"--least.*detect --use ./bright.py:Bright --help"):
        run("left.png", *USE, "--least", "much")


def test_a_folder_stands_for_its_pictures(folder, run):
    (folder / "other").mkdir()
    cv2.imwrite("other/left.png", np.full((10, 10, 3), 255, np.uint8))
    told = json.loads(run(".", "other", *USE, "--json", "--out", "drawn"))
    assert [each["picture"] for each in told] == ["left.png", "right.png", "other/left.png"]
    assert {path.name for path in Path("drawn").iterdir()} == {
        "left.detected.png", "right.detected.png", "left-2.detected.png",
    }  # fmt: skip


def test_a_video_is_drawn_as_a_video(folder, run):
    frames = [np.zeros((48, 64, 3), np.uint8) for _ in range(10)]
    for frame in frames[4:]:
        frame[:, 32:] = 255
    writer = cv2.VideoWriter("night.avi", cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for frame in frames:
        writer.write(frame)
    writer.release()
    told = run("night.avi", *USE).splitlines()
    assert told[1].split()[:2] == ["right", "6"]
    video = cv2.VideoCapture("night.detected.mp4")
    assert video.isOpened()
    video.release()
    frames = json.loads(run("night.avi", *USE, "--json"))["frames"]
    assert [frame["frame"] for frame in frames] == [4, 5, 6, 7, 8, 9]
    assert frames[0]["objects"][0]["label"] == "right"
    assert sorted(path.suffix for path in Path().glob("night*")) == [".avi", ".mp4"]


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        (("left.png", "night.avi"), "night.avi is no picture and no folder of pictures; a video has to be the only"),
        (("empty",), "There are no pictures in empty"),
        (("broken.png",), "IR7004"),
        (("missing.png",), "IR3001"),
        (("left.png", "missing.png"), "IR3001: .* missing.png"),
        (("missing.avi",), "IR3001"),
    ],
)
def test_what_cannot_be_looked_at_is_told(folder, run, inputs, problem):
    (folder / "empty").mkdir()
    (folder / "broken.png").write_text("no picture")
    with pytest.raises(InstantReactError, match=problem):
        run(*inputs, *USE)


def test_a_detector_that_needs_a_video_is_told_of_one(folder, run):
    with pytest.raises(InstantReactError, match="IR7022"):
        run("left.png", "--use", "opencv/motion")


def test_python_gives_each_picture_with_what_was_found(folder):
    found = list(detect("./bright.py:Bright", ["left.png", "right.png", "left.png"]))
    assert [image.shape for image, _ in found] == [(60, 100, 3)] * 3
    assert [[seen.names[label] for label in seen.value.labels] for _, seen in found] == [["left"], ["right"], ["left"]]
    assert isinstance(found[0][1].value, Detections)


def test_python_may_stop_early(folder):
    for name in range(5):
        cv2.imwrite(f"{name}.png", media.still(1)[0].image)
    image, _ = next(detect("./bright.py:Bright", [f"{name}.png" for name in range(5)]))
    assert image.dtype == np.uint8


def test_what_is_looked_at_is_never_drawn_over(folder, run):
    before = Path("left.png").read_bytes()
    for inputs, out in ((("left.png",), "left.png"), (("left.png", "left.detected.png"), ".")):
        Path("left.detected.png").write_bytes(before)
        with pytest.raises(InstantReactError, match=r"IR6003: .* is looked at"):
            run(*inputs, *USE, "--out", out)
        assert Path("left.png").read_bytes() == Path("left.detected.png").read_bytes() == before
    Path("night.mp4").write_bytes(b"a film")
    with pytest.raises(InstantReactError, match=r"IR6003: night.mp4 is looked at"):
        run("night.mp4", *USE, "--out", "night.mp4")
    assert Path("night.mp4").read_bytes() == b"a film"


def test_a_drawing_that_nobody_named_replaces_none_that_is_there(folder, run):
    assert run("left.png", *USE).endswith("Drawn: left.detected.png\n")
    assert run("left.png", *USE).endswith("Drawn: left-2.detected.png\n")
    assert run("left.png", *USE, "--out", "mine.png").endswith("Drawn: mine.png\n")
    assert run("left.png", *USE, "--out", "mine.png").endswith("Drawn: mine.png\n")


def test_drawings_are_not_looked_at_with_the_pictures_of_their_folder(folder, run):
    run(".", *USE, "--out", ".")
    assert len(json.loads(run(".", *USE, "--json"))) == 2


def test_drawings_of_pictures_that_are_called_alike_have_names_of_their_own(folder, run):
    for name in ("a.png", "a.jpg", "a-2.png", "A.bmp"):
        cv2.imwrite(name, np.full((10, 10, 3), 255, np.uint8))
    run("a.png", "a.jpg", "a-2.png", "A.bmp", *USE, "--out", "drawn")
    assert sorted(path.name for path in Path("drawn").iterdir()) == [
        "A-3.detected.png", "a-2-2.detected.png", "a-2.detected.png", "a.detected.png",
    ]  # fmt: skip


def test_a_drawing_is_of_the_kind_that_its_ending_says(folder, run):
    run("left.png", *USE, "--out", "drawn.jpg")
    assert Path("drawn.jpg").read_bytes()[:2] == b"\xff\xd8"
    run("left.png", *USE, "--out", "drawn")
    assert Path("drawn.png").read_bytes()[1:4] == b"PNG"


@pytest.mark.parametrize("out", ["drawn.gif", "drawn.mp4", "v1.2", "/dev/null"])
def test_a_drawing_that_could_not_be_what_its_name_says_is_refused(folder, run, out):
    with pytest.raises(InstantReactError, match=f"IR6003: {out} cannot be drawn to: name a file that ends in .png"):
        run("left.png", *USE, "--out", out)
    assert not Path("drawn.gif").exists()


def test_a_place_for_the_drawing_of_a_video_is_tried_before_the_work(folder, run):
    (folder / "file").touch()
    with pytest.raises(InstantReactError, match="IR4020: file"):
        run("missing.avi", *USE, "--out", "file/night.mp4")


def test_without_a_detector_that_is_what_is_missing(folder, run):
    with pytest.raises(InstantReactError, match="IR6003: Missing option '--use'"):
        run("left.png", "--least", "0.9")


def test_what_was_found_until_the_work_broke_off_is_told(folder, capsys):
    Path("broken.png").write_text("no picture")
    with pytest.raises(InstantReactError, match=r"IR7004: .* broken.png"):
        root().main(["detect", "left.png", "right.png", "broken.png", *USE, "--json"], standalone_mode=False)
    assert [each["picture"] for each in json.loads(capsys.readouterr().out)] == ["left.png", "right.png"]


def test_what_was_found_in_a_video_until_the_work_broke_off_is_told(folder, capsys):
    (folder / "dies.py").write_text(
        BRIGHT.replace(
            "        halves =",
            "        self.seen = getattr(self, 'seen', 0) + 1\n        assert self.seen < 7\n        halves =",
        )
    )
    writer = cv2.VideoWriter("night.avi", cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for _ in range(10):
        writer.write(np.full((48, 64, 3), 255, np.uint8))
    writer.release()
    with pytest.raises(InstantReactError, match=r"IR4001: Bright failed in detect"):
        root().main(["detect", "night.avi", "--use", "./dies.py:Bright", "--json"], standalone_mode=False)
    assert [each["frame"] for each in json.loads(capsys.readouterr().out)["frames"]] == [*range(6)]
