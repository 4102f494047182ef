"""The line between the process that watches and the one that delivers."""

from __future__ import annotations

import errno
import json
import logging
import select
import socket
import threading
import time
from collections import deque
from contextlib import suppress
from typing import Any

from instantreact_sdk.alerts.parcel import MOST, slim

ROOM = 20_000
"""So many messages wait for a process that does not read; the supervisor is about to start it anew."""

_LOG = logging.getLogger("instantreact.line")


class Line:
    """One end of a pair of connected datagram sockets; messages are JSON objects, whole or not at all.

    What was sent and not read outlives the reader: whoever is started in its place finds it.

    Args:
        end: One of a `socket.socketpair` of datagrams.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._waiting: deque[bytes] = deque()
        self._lock = threading.Lock()
        end.setblocking(False)
        with suppress(OSError):  # an operating system that allows less has less
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * MOST)

    @classmethod
    def at(cls, number: int) -> Line:
        """The line behind a file descriptor that this process has inherited."""
        return cls(socket.socket(fileno=number))

    def send(self, message: dict[str, Any]) -> None:
        """Send; what the other one has no room for waits for the next call. Callable from any thread."""
        data = json.dumps(message, separators=(",", ":")).encode()
        if len(data) > MOST:
            data = json.dumps(slim(message), separators=(",", ":")).encode()
        with self._lock:
            if len(self._waiting) >= ROOM:
                self._waiting.popleft()
                _LOG.warning("A message to the other process is lost: %d wait already.", ROOM)
            self._waiting.append(data)
            self._push()

    def poke(self) -> None:
        """Wake the other one up; it does not matter if it is awake."""
        with self._lock:
            self._push()
            if not self._waiting:
                with suppress(OSError):
                    self._end.send(b"{}")

    def flush(self, seconds: float) -> bool:
        """Send what waits, for so many seconds at the most; whether nothing waits any more."""
        until = time.monotonic() + seconds
        while True:
            with self._lock:
                self._push()
                if not self._waiting:
                    return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            select.select([], [self._end], [], left)

    def receive(self, seconds: float) -> dict[str, Any] | None:
        """The next message, an empty one where somebody pokes; None where none comes in so many seconds. For one thread."""
        with self._lock:
            self._push()
        ready, _, _ = select.select([self._end], [], [], seconds)
        if not ready:
            return None
        try:
            data = self._end.recv(2 * MOST)
        except OSError:  # the other end may have been closed
            return None
        return json.loads(data) if data else {}

    def _push(self) -> None:
        while self._waiting:
            try:
                self._end.send(self._waiting[0])
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno != errno.EMSGSIZE:
                    return
                _LOG.warning(
                    "A message of %d bytes to the other process is lost: it is too large.", len(self._waiting[0])
                )
            del self._waiting[0]
