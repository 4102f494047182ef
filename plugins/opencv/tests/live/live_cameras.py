"""Cameras for the tests: real servers on the loopback network, each a process that can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from counted_picture import FPS, read
from instantreact_opencv.live import LiveReader
from instantreact_opencv.live_options import LiveOptions

from instantreact_sdk import Context, Frame

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def soon(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Poll until the condition holds; fail the test where it does not in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if result := condition():
            return result
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


class Camera:
    """A camera's process, on a port of its own, whose numbers count from the moment it was made."""

    def __init__(self, script: str, *more: str) -> None:
        self.port = free_port()
        self.epoch = time.time()
        python = SYSTEM_PYTHON if script == "rtsp_camera.py" else sys.executable
        self.command = [python, str(HERE / script), str(self.port), repr(self.epoch), *more]
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTHONPATH"))}
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout.readline() == "ready\n"

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.stdout.close()
            self.process.wait()
            self.process = None

    @property
    def number(self) -> int:
        """The number that it shows now."""
        return int((time.time() - self.epoch) * FPS)


class Viewer:
    """Reads a camera in a thread, as the pipeline does, and keeps what it got."""

    def __init__(self, url: str, **options: Any) -> None:
        self.health: list[tuple[str, str]] = []
        self.frames: list[Frame] = []
        self.numbers: list[int | None] = []
        self.stop = threading.Event()
        self.context = Context(name="gate", health=lambda *news: self.health.append(news), stop=self.stop)
        # a busy machine must not look like a dead camera
        self.reader = LiveReader(LiveOptions(url=url, **{"read_timeout": 15, **options}), self.context)
        self.thread = threading.Thread(target=self._view)

    def _view(self) -> None:
        for frame in self.reader.frames():
            self.frames.append(frame)
            self.numbers.append(read(frame.image) if (frame.width, frame.height) == (160, 120) else None)

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.health]


@contextlib.contextmanager
def viewing(url: str, **options: Any) -> Iterator[Viewer]:
    """A viewer from ``open()`` to ``close()``."""
    viewer = Viewer(url, **options)
    viewer.reader.open()
    viewer.thread.start()
    try:
        yield viewer
    finally:
        viewer.stop.set()
        viewer.reader.close()
        viewer.thread.join(10)
        assert not viewer.thread.is_alive()
