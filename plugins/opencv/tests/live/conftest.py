"""Cameras as fixtures."""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A certificate that a camera signed itself, with its key, in one file."""
    folder = tmp_path_factory.mktemp("certificate")
    need(shutil.which("openssl") is not None, "openssl is missing; install the packages of tests/apt-packages.txt")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=camera -keyout key.pem -out certificate.pem"
    subprocess.run(command.split(), cwd=folder, capture_output=True, check=True)
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "certificate.pem").read_text())
    return str(both)


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
