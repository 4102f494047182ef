"""Cameras as fixtures."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest
from live_cameras import SYSTEM_PYTHON, Camera
from needs import need


@pytest.fixture(scope="session")
def gstreamer() -> None:
    """GStreamer's RTSP server for the system's Python."""
    code = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
    found = subprocess.run([SYSTEM_PYTHON, "-c", code], capture_output=True, check=False).returncode == 0
    need(found, "GStreamer's RTSP server is missing; install the packages of tests/apt-packages.txt")


@pytest.fixture
def camera() -> Iterator[Callable[..., Camera]]:
    """Starts cameras, and kills them after the test."""
    started: list[Camera] = []

    def start(script: str, *more: str) -> Camera:
        started.append(Camera(script, *more))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture(scope="session")
def http_camera() -> Iterator[Camera]:
    """One HTTP camera for all tests that do not kill it."""
    one = Camera("http_camera.py")
    one.start()
    yield one
    one.kill()
