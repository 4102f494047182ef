"""Why a camera cannot be read: asked step by step, once OpenCV, which never says why, has failed."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.error
from contextlib import closing
from errno import ECONNABORTED
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
)

from instantreact_opencv.live_address import Address
from instantreact_opencv.live_ffmpeg import webcam_problem
from instantreact_opencv.live_rtsp import describe
from instantreact_sdk import InstantReactError

_NO_VIDEO = ("text/", "application/json", "application/xml", "application/xhtml", "audio/", "image/")
_TLS_ALERT = "\x15\x03"


def diagnose(url: str, limit: float) -> InstantReactError:
    """Find out why a camera cannot be read: name, port, way, TLS, login, path, content.

    Args:
        url: The number of a webcam or the address of a stream.
        limit: Seconds that each step may take.

    Returns:
        The cause; one of IR3020 to IR3034. It names no user and no password.
    """
    if url.isdigit():
        return InstantReactError("IR3034", index=url, problem=webcam_problem(url))
    try:
        address = Address.parse(url)
    except InstantReactError as error:
        return error
    try:
        return _ask(address, limit)
    except TimeoutError:
        return InstantReactError("IR3027", url=address.shown, limit=limit)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if not address.encrypted and _speaks_tls(address, limit):
            return _tls(address, f"the server speaks nothing else; the address has to begin with {address.scheme}s://")
        return InstantReactError("IR3029", url=address.shown, problem=_words(error))


def _ask(address: Address, limit: float) -> InstantReactError:
    facts = {"url": address.shown, "host": address.host, "port": address.port}
    try:
        stream = socket.create_connection((address.host, address.port), limit)
    except socket.gaierror:
        return InstantReactError("IR3021", **facts)
    except ConnectionRefusedError:
        return InstantReactError("IR3022", **facts)
    except OSError as error:
        return InstantReactError("IR3023", problem=_words(error), **facts)
    with closing(stream):
        if address.encrypted:
            try:
                stream = _context().wrap_socket(stream, server_hostname=address.host)
            except ssl.SSLError as error:
                return _tls(address, _words(error))
        with closing(stream):
            if address.scheme.startswith("rtsp"):
                return _rtsp(stream, address)
    return _http(address, limit)


def _context() -> ssl.SSLContext:
    # As FFmpeg does: cameras have certificates that they signed themselves.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _rtsp(stream: socket.socket, address: Address) -> InstantReactError:
    answer = describe(stream, address)
    if answer.status == 200:  # noqa: PLR2004
        code = "IR3030" if "m=video" in answer.text else "IR3028"
        return InstantReactError(code, url=address.shown, content="a stream without video")
    if answer.status:
        return _refusal(answer.status, answer.reason, address)
    if not answer.text or answer.text.startswith(_TLS_ALERT):
        raise ConnectionAbortedError(ECONNABORTED, "it closed the connection without an answer")
    return InstantReactError("IR3028", url=address.shown, content="something that is not RTSP")


def _http(address: Address, limit: float) -> InstantReactError:
    logins = HTTPPasswordMgrWithDefaultRealm()
    if address.user:
        logins.add_password(None, address.bare, address.user, address.password)
    opener = build_opener(
        ProxyHandler({}), HTTPSHandler(context=_context()), HTTPBasicAuthHandler(logins), HTTPDigestAuthHandler(logins)
    )
    try:
        with opener.open(Request(address.bare), timeout=limit) as answer:  # noqa: S310  (the scheme was checked)
            content = answer.headers.get_content_type()
    except urllib.error.HTTPError as error:
        with error:
            return _refusal(error.code, str(error.reason), address)
    except urllib.error.URLError as error:
        if isinstance(error.reason, OSError):
            raise error.reason from None
        raise
    code = "IR3028" if content.startswith(_NO_VIDEO) else "IR3030"
    return InstantReactError(code, url=address.shown, content=content)


def _speaks_tls(address: Address, limit: float) -> bool:
    try:
        with socket.create_connection((address.host, address.port), limit) as stream, _context().wrap_socket(stream):
            return True
    except OSError:
        return False


def _tls(address: Address, problem: str) -> InstantReactError:
    return InstantReactError("IR3024", url=address.shown, host=address.host, port=address.port, problem=problem)


def _refusal(status: int, reason: str, address: Address) -> InstantReactError:
    if status in {401, 403}:
        given = "refuses this user and password" if address.user else "wants a user and a password"
        return InstantReactError("IR3025", url=address.shown, given=given, status=status)
    if status in {404, 454}:
        return InstantReactError("IR3026", url=address.shown, status=status)
    return InstantReactError("IR3029", url=address.shown, problem=f"it answers {status} {reason}".rstrip())


def _words(error: Exception) -> str:
    """What the system or the TLS library calls the error; never the error's own text, which may quote an address."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.lower().replace("_", " ")
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return type(error).__name__
