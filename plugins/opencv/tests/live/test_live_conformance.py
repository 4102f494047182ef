"""A camera keeps what a live source promises."""

from __future__ import annotations

from instantreact_opencv.source import VideoSource
from live_cameras import Camera

from instantreact_sdk import Capabilities
from instantreact_sdk.testing import Case, check_source


class HttpCamera(VideoSource):
    """The source `video` at a camera that counts."""

    needs = Capabilities(network=True, subprocess=True)

    @staticmethod
    def check(folder):
        camera = Camera("http_camera.py")
        camera.start()
        address = f"http://127.0.0.1:{camera.port}"
        yield Case(
            options={"url": f"{address}/mjpeg"}, broken=[{"url": f"{address}/locked"}, {"url": "http://127.0.0.1:1/"}]
        )
        camera.kill()


def test_a_camera_keeps_its_promises():
    report = check_source(HttpCamera)
    assert report.count("passed") >= 25  # the others do not apply to what is live
