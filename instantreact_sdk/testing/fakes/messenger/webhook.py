"""Telling an app's webhook what happened."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Clock

_OK = 200
_PATIENCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that a webhook was told.

    Attributes:
        time: When, in UTC, by the fake's clock.
        body: As it was sent.
        headers: The signatures among them.
        status: What was answered; None for nothing, or not in time.
        seconds: How long that took, in real time.
        problem: Why there was no answer; empty where there was one.
    """

    time: datetime
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    status: int | None
    seconds: float
    problem: str = ""

    @property
    def taken(self) -> bool:
        """Whether it was answered by 200, in time."""
        return self.status == _OK


class Webhook:
    """The subscription of an app to what happens at its Page.

    Attributes:
        url: Where it is told; empty while there is no subscription.
        limit: Seconds, of real time, in which it has to answer.
        posts: What it was told, in order, also what it did not take.
        undelivered: What it did not take, and is told again by `retry`.

    Args:
        clock: Says for how long it has been failing: after an hour the subscription ends.
    """

    def __init__(self, clock: Clock) -> None:
        self.url = ""
        self.limit = 5.0
        self.posts: list[Notice] = []
        self.undelivered: list[Notice] = []
        self._clock = clock
        self._failing_since: datetime | None = None

    def subscribe(self, url: str, verify_token: str) -> bool:
        """Ask whether a webhook wants to be told, and tell it from then on.

        Args:
            url: Of the webhook: ``http://127.0.0.1:8080/webhook``.
            verify_token: What it knows the platform by.

        Returns:
            Whether it agreed: it echoed the challenge, and nothing else, with 200.

        Raises:
            InstantReactError: IR2026, the address is not of this kind.
        """
        if not _can_be_asked(url):
            raise InstantReactError(
                "IR2026", problem="the webhook's address is not http://...", fix="Give one like http://127.0.0.1:8080/."
            )
        challenge = str(secrets.randbelow(10**10))
        asked = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": challenge}
        separator = "&" if urlsplit(url).query else "?"
        status, said, _ = self._ask("GET", f"{url}{separator}{urlencode(asked)}", None, {})
        self.url = url if status == _OK and said == challenge.encode() else ""
        self._failing_since = None
        return bool(self.url)

    def post(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        """Tell it something; None where there is no subscription."""
        if not self.url:
            return None
        started = time.monotonic()
        status, _, problem = self._ask("POST", self.url, body, {"Content-Type": "application/json", **headers})
        seconds = time.monotonic() - started
        told = Notice(self._clock.now(), body, headers, status, seconds, problem)
        self.posts.append(told)
        if told.taken:
            self._failing_since = None
            return told
        self.undelivered.append(told)
        self._failing_since = self._failing_since or told.time
        if told.time - self._failing_since >= _PATIENCE:
            self.url = ""
        return told

    def retry(self) -> None:
        """Tell it again, in order, all that it did not take."""
        waiting, self.undelivered = self.undelivered, []
        for one in waiting:
            self.post(one.body, one.headers)

    def _ask(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int | None, bytes, str]:
        parts = urlsplit(url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=self.limit)
        over = threading.Event()

        def give_up(sock: socket.socket) -> None:
            over.set()
            with suppress(OSError):  # it has just been closed
                sock.shutdown(socket.SHUT_RDWR)

        problem = ""
        try:
            connection.connect()
            # The timeout of a socket begins anew with every byte; and `connection` forgets one that ends with the answer.
            timer = threading.Timer(self.limit, give_up, (connection.sock,))
            timer.start()
            try:
                connection.request(method, path, body, dict(headers))
                with connection.getresponse() as answer:
                    said = answer.read()
            finally:
                timer.cancel()
                timer.join()
        except (OSError, HTTPException) as error:
            problem = type(error).__name__
        finally:
            connection.close()
        if over.is_set() or problem == "TimeoutError":
            problem = f"no answer within {self.limit:g} s"
        return (None, b"", problem) if problem else (answer.status, said, "")


def _can_be_asked(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return url.isascii() and parts.scheme == "http" and bool(parts.hostname) and parts.port != 0
    except ValueError:  # its host or its port is none
        return False
