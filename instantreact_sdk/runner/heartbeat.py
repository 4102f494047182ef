"""A dead-man's switch: as long as all is well, a service far away is told so; when it hears nothing, it raises the alarm."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from http.client import HTTPException
from types import TracebackType
from typing import Self
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
    getproxies,
)

from instantreact_sdk.runner.pulse import Pulse
from instantreact_sdk.version import __version__

PATIENCE = 10.0
"""Seconds in which the service has to connect, and then to answer."""
_WAYS = ("http", "https")


class Heartbeat:
    """Asks for a URL while its ``with`` block lasts and all is well, as Healthchecks and its like want it.

    It goes by the proxies of the environment, and follows redirects, to http and https alone. The URL is a secret: it is in
    no error and in no name.

    Args:
        url: What to ask for.
        every: Seconds from one time to the next; the first is at once.
        alive: Whether all is well; while it is not, nothing is asked for, which is what raises the alarm. It may not raise.
        failed: Called with the reason when it does not get through any more, as a part of a sentence, and with nothing when it does
            again; not after the ``with`` block. It may not raise.
    """

    def __init__(self, url: str, every: float, alive: Callable[[], bool], failed: Callable[[str], None]) -> None:
        self._url = url
        self._failed = failed
        self._failing = False
        self._opener = _opener()
        self._pulse = Pulse("heartbeat", every, alive, self._beat)

    def __enter__(self) -> Self:
        self._pulse.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pulse.__exit__(kind, error, trace)

    def _beat(self) -> None:
        problem = self._asked()
        if bool(problem) != self._failing and not self._pulse.over:
            self._failing = bool(problem)
            self._failed(problem)

    def _asked(self) -> str:
        """What was wrong; in our own words, for those of libraries may quote the URL."""
        try:
            request = Request(self._url, headers={"User-Agent": f"instantreact-sdk/{__version__}"})  # noqa: S310  (the opener knows no other ways)
            self._opener.open(request, timeout=PATIENCE).close()
        except HTTPError as error:
            error.close()
            return f"it was answered with status {error.code}"
        except URLError as error:
            return _wording(error.reason)
        except (HTTPException, ValueError):  # of a host that is none, and the like
            return "the address is not understood, or what answers there does not speak HTTP"
        except OSError as error:
            return _wording(error)
        return ""


def _wording(reason: object) -> str:
    if isinstance(reason, TimeoutError):
        return f"there was no answer within {PATIENCE:g} s"
    if isinstance(reason, ssl.SSLError):  # its text may name the host
        return "the connection could not be secured"
    if isinstance(reason, OSError) and reason.strerror:
        return f"the connection failed ({reason.strerror})"
    return "the connection failed"


def _opener() -> OpenerDirector:
    """Without the ways that `urllib.request.build_opener` adds: files, FTP and the URL's own data."""
    opener = OpenerDirector()
    proxies = {way: proxy for way, proxy in getproxies().items() if way in _WAYS}
    for handler in (
        ProxyHandler(proxies),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPRedirectHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
        UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
