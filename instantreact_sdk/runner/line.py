"""The line between the process that watches and the one that delivers."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from contextlib import suppress
from typing import Any

from instantreact_sdk.alerts.parcel import MOST, slim

ROOM = 1_000
"""So many messages wait for a process that does not read; the supervisor is about to start it anew."""


class Line:
    """One end of a pair of connected datagram sockets; messages are JSON objects, whole or not at all.

    What was sent and not read outlives the reader: whoever is started in its place finds it.

    Args:
        end: One of a `socket.socketpair` of datagrams.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._waiting: deque[bytes] = deque(maxlen=ROOM)
        self._lock = threading.Lock()
        with suppress(OSError):  # an operating system that allows less has less
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * MOST)

    @classmethod
    def at(cls, number: int) -> Line:
        """The line behind a file descriptor that this process has inherited."""
        return cls(socket.socket(fileno=number))

    def fileno(self) -> int:
        """Its file descriptor."""
        return self._end.fileno()

    def send(self, message: dict[str, Any]) -> None:
        """Send; what the other one has no room for waits for the next call. Callable from any thread."""
        data = json.dumps(message, separators=(",", ":")).encode()
        if len(data) > MOST:
            data = json.dumps(slim(message), separators=(",", ":")).encode()
        with self._lock:
            self._waiting.append(data)
            self._push()

    def poke(self) -> None:
        """Wake the other one up; it does not matter if it is awake."""
        with self._lock:
            self._push()
            if not self._waiting:
                with suppress(OSError):
                    self._end.send(b"{}", socket.MSG_DONTWAIT)

    def receive(self, seconds: float) -> dict[str, Any] | None:
        """The next message, an empty one where somebody pokes; None where none comes in so many seconds. For one thread."""
        with self._lock:
            self._push()
        self._end.settimeout(seconds)
        try:
            data = self._end.recv(2 * MOST)
        except TimeoutError:
            return None
        except OSError:
            return None
        return json.loads(data) if data else {}

    def _push(self) -> None:
        while self._waiting:
            try:
                self._end.send(self._waiting[0], socket.MSG_DONTWAIT)
            except OSError as error:
                if isinstance(error, BlockingIOError):
                    return
                del self._waiting[0]  # nobody could ever read it
            else:
                del self._waiting[0]
