"""Frames on their way: what a run has of each event, and what it remembers of the rest."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from deadline import joined, started, until
from films import played
from playing import play, use, write

from instantreact_sdk import Detections, Event, Frame, Observation, Pipeline
from instantreact_sdk.runner.clips import Clips
from instantreact_sdk.runner.pictures import Pictures

SPOT = {"spot": {"when": {"label": "spot"}}}


def shades(clip: Path) -> list[float]:
    capture = cv2.VideoCapture(str(clip))
    found = []
    while (got := capture.read())[0]:
        found.append(float(got[1].mean()))
    capture.release()
    return found


def test_an_analysis_makes_a_clip_of_each_event_where_clips_may_leave(tmp_path: Path):
    done = play(
        tmp_path,
        sources={"film": use("Film", seconds=20.0)},  # ten frames a second, each as bright as its number
        detectors={"spots": use("Spot", spans=[(2.0, 2.5), (9.0, 9.5), (18.0, 18.5)])},
        rules=SPOT,
        attach="clip",
    )
    assert [event.start for event in done.events] == [2.0, 9.0, 18.0]
    assert len([*(tmp_path / "out" / "clips").iterdir()]) == 3
    for event, first, last in zip(done.events, (0, 40, 130), (70, 140, 199), strict=True):
        seen = shades(tmp_path / "out" / "clips" / f"{event.id}.mp4")
        assert seen == pytest.approx([*range(first, last + 1)], abs=4)


def test_a_camera_s_clip_is_there_while_the_run_goes_on(tmp_path: Path):
    clips = tmp_path / "out" / "clips"
    file = write(
        tmp_path,
        sources={"cam": use("Film", live=True)},
        detectors={"spots": use("Spot", spans=[(0.5, 0.8)])},
        rules=SPOT,
        attach="clip",
    )
    pipeline = Pipeline.from_config(file, out=tmp_path / "out", strict=False)

    def stop_with_the_clip() -> None:
        try:
            until(lambda: [*clips.glob("*.mp4")])
        finally:
            pipeline.stop()

    stopper = started(stop_with_the_clip)
    (event,) = pipeline.run()
    joined(stopper)
    film = played(clips / f"{event.id}.mp4")
    assert film.seconds == pytest.approx(event.end + 5.1, abs=0.3)
    assert pipeline.summary["health"] == []


@pytest.mark.parametrize("attach", ["none", "snapshot"])
def test_without_leave_to_send_clips_none_are_made(tmp_path: Path, attach: str):
    play(tmp_path, detectors={"spots": use("Spot")}, rules=SPOT, attach=attach)
    assert not [*(tmp_path / "out").rglob("*.mp4")]


def test_clips_alone_are_reason_enough_to_want_frames(tmp_path: Path):
    assert not Pictures(None, None, {}, remember=False).wanted
    clips = Clips(tmp_path, lambda *_: None, lambda _: None)
    assert Pictures(None, None, {}, remember=False, clips=clips).wanted


def found(index: int) -> Observation:
    boxes = Detections([[0.25, 0.25, 0.75, 0.75]], [0.9], [0])
    return Observation(f"cam/d/{index}", "cam", "d", index / 10, index / 10, boxes, index, ("thing",))


def test_what_was_found_in_frames_that_never_came_here_is_not_kept(tmp_path: Path):
    """Of a camera, frames are left out while a detector is slow."""
    pictures = Pictures(tmp_path, None, {}, remember=False)
    for index in range(1000):
        if index % 2:
            pictures.add("cam", [Frame(np.full((48, 64, 3), 90, np.uint8), time=index / 10, index=index)])
        pictures.seen(found(index))
        if index % 10 == 9:
            assert pictures.reached("cam", index / 10 - 0.5) == 5 - (index == 9) * 3
    assert len(pictures._found["cam"]) == 5


def test_a_snapshot_still_shows_what_was_found_in_its_frame(tmp_path: Path):
    pictures = Pictures(tmp_path, None, {}, remember=False)
    pictures.add("cam", [Frame(np.full((480, 640, 3), 90, np.uint8), time=k / 10, index=k) for k in (1, 2)])
    pictures.seen(found(1))
    pictures.seen(found(2))
    pictures.reached("cam", 0.1)
    path = pictures.snapshot(Event("r", "cam", 0.2, 0.2, (), {}))
    image = cv2.imread(str(path))
    assert image is not None
    assert np.abs(image[240, 160].astype(int) - 90).max() > 60, "the edge of its box"
    assert np.abs(image[240, 320].astype(int) - 90).max() < 4
