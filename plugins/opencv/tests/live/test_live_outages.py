"""A camera that is killed and started again, with numbers in its pictures that go on in the meantime."""

from __future__ import annotations

import gc
import time
from itertools import pairwise

import psutil
import pytest
from counted_picture import FPS
from live_cameras import soon, viewing

GROUP = 1.0  # seconds: 15 pictures at 15 a second from key frame to key frame
OUTAGE = 1.0
MANY = 10


def used() -> dict[str, int]:
    """Threads, descriptors and child processes of this process."""
    gc.collect()
    me = psutil.Process()
    return {"threads": me.num_threads(), "descriptors": me.num_fds(), "processes": len(me.children(recursive=True))}


def nothing_beyond(before: dict[str, int]) -> bool:
    return all(now <= before[what] for what, now in used().items())


def outages_of(camera, url, times: int) -> None:
    with viewing(url) as viewer:  # what OpenCV keeps for good (its thread pool) is there afterwards
        soon(lambda: viewer.frames)
    before = used()
    with viewing(url) as viewer:
        soon(lambda: len(viewer.frames) > MANY)
        connected = used()
        for _ in range(times):
            seen = len(viewer.numbers)
            began = time.monotonic()
            camera.kill()
            time.sleep(OUTAGE)
            camera.start()
            outage = time.monotonic() - began
            back = camera.number
            soon(lambda back=back: viewer.numbers[-1] > back + MANY)
            gap = max(b - a for a, b in pairwise(viewer.numbers[seen - 1 :])) / FPS
            assert gap <= outage + GROUP + 5
        assert viewer.kinds() == ["offline", "online"] * times
        assert None not in viewer.numbers, "a picture that nobody took"
        assert all(a < b for a, b in pairwise(viewer.numbers))
        assert all(a.time < b.time for a, b in pairwise(viewer.frames))
        assert all(a.index < b.index for a, b in pairwise(viewer.frames))
        soon(lambda: nothing_beyond(connected))
    soon(lambda: nothing_beyond(before))


@pytest.mark.usefixtures("gstreamer")
def test_an_rtsp_camera_comes_back_five_times_and_leaves_nothing_behind(camera) -> None:
    one = camera("rtsp_camera.py")
    outages_of(one, f"rtsp://127.0.0.1:{one.port}/cam", 5)


def test_a_motion_jpeg_camera_comes_back_five_times_and_leaves_nothing_behind(camera) -> None:
    one = camera("http_camera.py")
    outages_of(one, f"http://127.0.0.1:{one.port}/mjpeg", 5)


def test_a_transport_stream_over_http_comes_back(camera) -> None:
    one = camera("http_camera.py")
    outages_of(one, f"http://127.0.0.1:{one.port}/ts", 1)


def test_a_camera_that_is_off_at_the_start_is_found_when_it_is_switched_on(camera) -> None:
    one = camera("http_camera.py")
    one.kill()
    with viewing(f"http://127.0.0.1:{one.port}/mjpeg") as viewer:
        assert (viewer.reader.info.width, viewer.reader.info.live) == (0, True)
        assert viewer.reader.problem.code == "IR3022"
        one.start()
        soon(lambda: viewer.frames)
        assert viewer.kinds() == ["offline", "online"]
        assert viewer.reader.problem is None
        assert (viewer.reader.info.width, viewer.reader.info.height) == (160, 120)
