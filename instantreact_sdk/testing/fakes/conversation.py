"""HTTP/1.1 over one connection."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from instantreact_sdk.testing.fakes.request import Answer, Request

_WITHOUT_BODY = (204, 304)
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # linger for 0 seconds
_GLANCE = 0.05
"""Seconds after which a connection on which nothing is said is looked at again: the client may be gone."""


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer, until it is over or the client hangs up; then the connection is reset."""

    over: threading.Event = field(default_factory=threading.Event)


class Conversation(BaseHTTPRequestHandler):
    """Serves the requests of one connection until the client leaves or it is broken off; making one does all of it.

    Args:
        connection: To a client.
        respond: Gives the answer to a request, a `Silence`, or None to break the connection by a reset (TCP RST).

    Raises:
        OSError: The client went away.
    """

    protocol_version = "HTTP/1.1"  # keeps connections alive
    server_version, sys_version = "fake", ""
    wbufsize = -1  # head and body leave together
    disable_nagle_algorithm = True  # a big body is a write of its own, and would wait for 40 ms

    def __init__(self, connection: socket.socket, respond: Callable[[Request], Answer | Silence | None]) -> None:
        self._respond = respond
        super().__init__(connection, ("127.0.0.1", 0), cast("Any", None))

    def _serve(self) -> None:
        try:
            body = self._body()
        except ValueError:
            self.send_error(400, "The length of the body is no number")
            self.close_connection = True
            return
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        answer = self._respond(Request(self.command, url.path, query, cast("Any", self.headers), body))
        if isinstance(answer, Answer):
            if answer.delay:
                self._wait(answer.delay, threading.Event())
            self._send(answer)
            return
        if answer:
            self._wait(float("inf"), answer.over)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.close_connection = True

    def _wait(self, seconds: float, over: threading.Event) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not over.wait(min(left, _GLANCE)):
            try:
                if not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                    return  # the client has hung up, or the fake is closed
            except BlockingIOError:
                continue  # it waits, too

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815  (names of http.server)

    def handle_expect_100(self) -> bool:
        """The client waits for this before it sends the body."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self._exactly(int(self.headers.get("Content-Length", "0")))
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0], 16):  # RFC 9112, section 7.1
            pieces.append(self._exactly(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return b"".join(pieces)

    def _exactly(self, size: int) -> bytes:
        if size < 0:
            raise ValueError
        got = self.rfile.read(size)
        if len(got) < size:
            raise ConnectionAbortedError("The client hung up in the middle of a request.")
        return got

    def _send(self, answer: Answer) -> None:
        has_body = answer.status not in _WITHOUT_BODY
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if has_body:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if has_body and self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name of http.server)
        """Nothing: what a plugin prints is checked, and this runs in its process."""
