"""Each way in which a camera cannot be read has its own error, which names no password; nothing else is printed."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from instantreact_opencv.live import LiveReader
from instantreact_opencv.live_options import LiveOptions
from live_cameras import free_port, soon, viewing

from instantreact_sdk import Context, InstantReactError

PASSWORD = "s3cr%40t"


def refused_with(capfd, url: str, **options) -> str:
    """The code of the one error that is told when the address is opened, the password looked for everywhere."""
    with viewing(url, **options) as viewer:
        assert viewer.reader.info.width == 0
        soon(lambda: viewer.health)
        problem = viewer.reader.problem
    assert viewer.kinds() == ["offline"]
    assert viewer.health[0][1] == str(problem)
    assert not viewer.frames
    for secret in ("anna", PASSWORD, "s3cr@t"):
        assert secret not in str(problem)
    assert capfd.readouterr() == ("", "")
    return problem.code


@pytest.mark.parametrize(
    ("path", "code"),
    [("/locked", "IR3025"), ("/nowhere", "IR3026"), ("/page", "IR3028")],
)
def test_an_http_camera_that_refuses_is_understood(capfd, http_camera, path, code) -> None:
    assert refused_with(capfd, f"http://anna:{PASSWORD}@127.0.0.1:{http_camera.port}{path}") == code


def test_a_missing_login_is_told_from_a_wrong_one(http_camera) -> None:
    with viewing(f"http://127.0.0.1:{http_camera.port}/locked") as viewer:
        soon(lambda: viewer.health)
        assert "wants a user and a password" in viewer.health[0][1]


def test_a_port_that_nobody_listens_on_is_named(capfd) -> None:
    for scheme in ("rtsp", "http"):
        assert refused_with(capfd, f"{scheme}://anna:{PASSWORD}@127.0.0.1:{free_port()}/cam") == "IR3022"


def test_a_host_that_is_not_known_is_named(capfd) -> None:
    assert refused_with(capfd, f"rtsp://anna:{PASSWORD}@camera.invalid/cam") == "IR3021"


def test_tls_to_a_server_without_is_named(capfd, http_camera) -> None:
    for scheme in ("https", "rtsps"):
        url = f"{scheme}://anna:{PASSWORD}@127.0.0.1:{http_camera.port}/mjpeg"
        assert refused_with(capfd, url) == "IR3024"


def encrypted(capfd, at: str) -> None:
    """With TLS there are pictures; without, the error says that TLS is what is missing."""
    scheme, rest = at.split("://")
    with viewing(f"{scheme}s://{rest}") as viewer:
        soon(lambda: viewer.frames)
        assert not viewer.health
    with viewing(at) as viewer:
        soon(lambda: viewer.health)
    assert viewer.health[0][1].startswith("IR3024:")
    assert f"has to begin with {scheme}s://" in viewer.health[0][1]
    assert capfd.readouterr() == ("", "")


def test_a_camera_with_tls_is_read_and_missing_tls_is_named(capfd, camera, certificate) -> None:
    one = camera("http_camera.py", certificate)
    encrypted(capfd, f"http://127.0.0.1:{one.port}/mjpeg")


@pytest.mark.usefixtures("gstreamer")
def test_an_rtsp_camera_with_tls_is_read_and_missing_tls_is_named(capfd, camera, certificate) -> None:
    one = camera("rtsp_camera.py", "anna", "pw", "basic", certificate)
    encrypted(capfd, f"rtsp://anna:pw@127.0.0.1:{one.port}/cam")


def test_a_server_of_another_kind_is_named(capfd, http_camera) -> None:
    assert refused_with(capfd, f"rtsp://anna:{PASSWORD}@127.0.0.1:{http_camera.port}/mjpeg") == "IR3028"


@pytest.fixture
def mute() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("scheme", ["rtsp", "http", "rtsps"])
def test_a_server_that_says_nothing_is_given_up_in_time(capfd, mute, scheme) -> None:
    url = f"{scheme}://anna:{PASSWORD}@127.0.0.1:{mute}/cam"
    assert refused_with(capfd, url, open_timeout=1) == "IR3027"


@pytest.mark.usefixtures("gstreamer")
@pytest.mark.parametrize("method", ["basic", "digest"])
def test_an_rtsp_camera_wants_its_password_and_its_path(capfd, camera, method) -> None:
    one = camera("rtsp_camera.py", "anna", "p@ss/word", method)
    at = f"127.0.0.1:{one.port}"
    assert refused_with(capfd, f"rtsp://anna:{PASSWORD}@{at}/cam") == "IR3025"
    assert refused_with(capfd, f"rtsp://anna:p%40ss%2Fword@{at}/nowhere") == "IR3026"
    with viewing(f"rtsp://anna:p%40ss%2Fword@{at}/cam") as viewer:
        soon(lambda: viewer.frames)
        assert not viewer.health
    assert capfd.readouterr() == ("", "")


def test_a_percent_encoded_password_opens_an_http_camera(http_camera) -> None:
    with viewing(f"http://anna:p%40ss%2Fword@127.0.0.1:{http_camera.port}/locked") as viewer:
        soon(lambda: viewer.frames)
        assert not viewer.health


def test_what_is_no_address_is_an_error_at_once() -> None:
    for url in ("rtsp://", "rtsp://anna:s3cr/t@10.0.0.7/cam", "http://host:99999/"):
        with pytest.raises(InstantReactError, match="IR3020") as caught:
            LiveReader(LiveOptions(url=url), Context()).open()
        assert "s3cr" not in str(caught.value)


def test_a_webcam_that_is_not_there_is_named(capfd) -> None:
    with viewing("97") as viewer:
        soon(lambda: viewer.health)
    assert viewer.health[0][1].startswith("IR3034: The webcam 97 cannot be opened: there is no /dev/video97.")
    assert capfd.readouterr() == ("", "")


def test_a_file_behind_an_http_address_is_no_camera(capfd, http_camera) -> None:
    with pytest.raises(InstantReactError, match="IR3038") as caught:
        LiveReader(LiveOptions(url=f"http://127.0.0.1:{http_camera.port}/clip"), Context()).open()
    assert "is a file of 2 s" in str(caught.value)
    assert capfd.readouterr() == ("", "")
