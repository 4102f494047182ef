"""Cameras that stall, show nothing, or hang; and the others, which must not notice."""

from __future__ import annotations

import socket
import threading
import time

from instantreact_opencv import live_connection
from live_cameras import Viewer, soon, viewing

from instantreact_sdk import Clock


def test_a_stream_that_stalls_is_left_and_connected_to_anew(http_camera) -> None:
    with viewing(f"http://127.0.0.1:{http_camera.port}/stall", read_timeout=1) as viewer:
        soon(lambda: viewer.kinds() == ["offline", "online"])
        assert viewer.health[0][1].startswith("IR3031:")


def test_black_and_frozen_pictures_are_told_once(http_camera) -> None:
    at = f"http://127.0.0.1:{http_camera.port}"
    with viewing(f"{at}/black", black_after=0.5) as dark, viewing(f"{at}/frozen", frozen_after=0.5) as still:
        soon(lambda: dark.health and still.health)
        seen = len(dark.frames), len(still.frames)
        soon(lambda: len(dark.frames) > seen[0] + 20 and len(still.frames) > seen[1] + 20)
        assert dark.kinds() == ["black"]
        assert still.kinds() == ["frozen"]


def test_a_camera_that_does_not_answer_keeps_no_other_waiting(http_camera) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        dead = Viewer(f"rtsp://127.0.0.1:{mute.getsockname()[1]}/cam", open_timeout=30)
        opening = threading.Thread(target=dead.reader.open)
        opening.start()
        soon(lambda: dead.reader._connection)
        with viewing(f"http://127.0.0.1:{http_camera.port}/mjpeg") as alive:
            soon(lambda: alive.frames)
            assert opening.is_alive()
            assert not dead.health
        dead.stop.set()
    opening.join(35)  # the server is gone, and with it the wait
    dead.reader.close()


class Hurried(Clock):
    """Fifty seconds in each."""

    def monotonic(self) -> float:
        return time.monotonic() * 50


def test_a_thread_that_never_comes_back_is_replaced(http_camera, monkeypatch) -> None:
    released = threading.Event()
    connect = live_connection.connect
    calls = []

    def hanging(url, options):
        calls.append(url)
        if len(calls) == 1:
            released.wait()  # as a resolver or a driver may, which no limit of OpenCV's reaches
        return connect(url, options)

    monkeypatch.setattr(live_connection, "connect", hanging)
    viewer = Viewer(f"http://127.0.0.1:{http_camera.port}/mjpeg", open_timeout=0.5)
    object.__setattr__(viewer.context, "clock", Hurried())
    viewer.reader.open()
    viewer.thread.start()
    try:
        soon(lambda: viewer.frames)
        assert viewer.kinds() == ["offline", "online"]
        assert viewer.health[0][1].startswith("IR3033:")
    finally:
        released.set()
        viewer.stop.set()
        viewer.reader.close()
        viewer.thread.join()
    soon(lambda: not [thread for thread in threading.enumerate() if thread.name == "camera gate"])


def test_a_surprise_in_the_reading_thread_is_told_and_survived(http_camera, monkeypatch) -> None:
    connect = live_connection.connect
    calls = []

    def surprising(url, options):
        calls.append(url)
        if len(calls) == 1:
            raise ZeroDivisionError(url)
        return connect(url, options)

    monkeypatch.setattr(live_connection, "connect", surprising)
    with viewing(f"http://anna:s3cret@127.0.0.1:{http_camera.port}/mjpeg") as viewer:
        soon(lambda: viewer.frames)
    assert viewer.kinds() == ["offline", "online"]
    assert "reading failed (ZeroDivisionError)" in viewer.health[0][1]
    assert "s3cret" not in str(viewer.health)
