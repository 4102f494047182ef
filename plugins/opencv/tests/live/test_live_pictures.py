"""What comes from a camera: the newest pictures, with the times at which they were taken."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from counted_picture import FPS, drawn, read
from live_cameras import Viewer, soon, viewing


def test_a_drawn_number_is_read_back() -> None:
    import numpy as np

    for number in (0, 1, 2**15 - 1, 2**15, 12_345):
        grey = np.frombuffer(drawn(number), np.uint8).reshape(120, 160, 1)
        assert read(grey.repeat(3, axis=2)) == number % 2**15


@pytest.mark.usefixtures("gstreamer")
def test_times_follow_the_clock_of_an_rtsp_stream(camera) -> None:
    one = camera("rtsp_camera.py")
    with viewing(f"rtsp://127.0.0.1:{one.port}/cam") as viewer:
        soon(lambda: len(viewer.frames) > 60)
    # Those that FFmpeg gathered while it connected, too, are as far apart as they were taken.
    skew = [frame.time - number / FPS for frame, number in zip(viewer.frames, viewer.numbers, strict=True)]
    assert max(skew) - min(skew) < 1.0
    taken = [one.epoch + number / FPS for number in viewer.numbers]
    for frame, moment in zip(viewer.frames, taken, strict=True):
        assert frame.wall.tzinfo is UTC
        assert abs(frame.wall.timestamp() - moment) < 3
    assert viewer.frames[0].time >= 0


def test_a_stream_without_a_clock_takes_that_of_its_arrival(http_camera) -> None:
    with viewing(f"http://127.0.0.1:{http_camera.port}/mjpeg") as viewer:
        soon(lambda: len(viewer.frames) > 30)
        assert viewer.reader.info.fps is None
    lasted = viewer.frames[-1].time - viewer.frames[0].time
    assert lasted == pytest.approx((viewer.numbers[-1] - viewer.numbers[0]) / FPS, abs=0.5)


def test_pictures_that_nobody_takes_in_time_are_dropped_and_counted(http_camera) -> None:
    viewer = Viewer(f"http://127.0.0.1:{http_camera.port}/mjpeg")
    viewer.reader.open()
    pictures = viewer.reader.frames()
    soon(lambda: viewer.reader.dropped > 10)
    asked = datetime.now(UTC)
    taken = [next(pictures) for _ in range(8)]
    viewer.reader.close()
    assert list(pictures) == []
    assert (asked - taken[0].wall).total_seconds() < 2, "an old picture was kept"
    assert taken[0].index >= 10
    assert all(a.index < b.index for a, b in pairwise(taken))


def test_only_wanted_pictures_are_converted(http_camera) -> None:
    viewer = Viewer(f"http://127.0.0.1:{http_camera.port}/mjpeg")
    object.__setattr__(viewer.context, "wants", lambda time: time > 1.5)
    viewer.reader.open()
    viewer.thread.start()
    soon(lambda: len(viewer.frames) > 5)
    viewer.stop.set()
    viewer.reader.close()
    viewer.thread.join()
    assert [frame.time > 1.5 for frame in viewer.frames[1:6]] == [True] * 5, "only the first comes unasked"
    assert viewer.frames[1].index > 10


def test_a_reader_can_be_opened_again(http_camera) -> None:
    viewer = Viewer(f"http://127.0.0.1:{http_camera.port}/mjpeg")
    for _ in range(2):
        assert viewer.reader.open().width == 160
        frame = next(viewer.reader.frames())
        assert frame.time < 5
        viewer.reader.close()
        viewer.reader.close()
    assert not viewer.health


def test_close_ends_a_waiting_viewer(http_camera) -> None:
    viewer = Viewer(f"http://127.0.0.1:{http_camera.port}/silent", open_timeout=1)
    viewer.reader.open()
    viewer.thread.start()
    time.sleep(0)
    viewer.reader.close()
    viewer.thread.join(5)
    assert not viewer.thread.is_alive()
