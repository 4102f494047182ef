"""The webhook: a small HTTP server that gives nobody much time."""

from __future__ import annotations

import io
import socket
import socketserver
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from instantreact_messenger.gate import LARGEST, Gate

SECONDS = 1.5
"""That a client may take to send its request: what then remains of Meta's five seconds is for keeping it."""
_PLACES = 32
_PIECE = 65_536


class Webhook(ThreadingHTTPServer):
    """Answers Meta at one path; whatever else is asked gets a status and no word.

    It speaks plain HTTP: Meta wants HTTPS, which is the work of a proxy or a tunnel before it. Close it by ``shutdown``, then
    ``server_close``, which waits for requests under way.

    Args:
        gate: Decides.
        host: The address to listen at.
        port: And the port; 0 takes a free one.
        path: Of the webhook's address.

    Raises:
        OSError: It cannot listen there.
    """

    allow_reuse_address = True
    request_queue_size = 64
    daemon_threads = False

    def __init__(self, gate: Gate, host: str = "127.0.0.1", port: int = 0, path: str = "/webhook") -> None:
        self.gate = gate
        self.path = path
        self._places = threading.BoundedSemaphore(_PLACES)
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Visitor)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def server_bind(self) -> None:
        """Without asking a name server who we are, as the parent does."""
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread of its own; with too many of them, break it."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve it, and make room for the next."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the client went away, or sent what no client sends."""


class _Visitor(BaseHTTPRequestHandler):
    """One request; then the connection ends, so that nobody holds a place."""

    protocol_version = "HTTP/1.0"
    server_version, sys_version = "instantreact", ""

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self._hurried = _Hurried(self.connection, time.monotonic() + SECONDS)
        self.rfile = io.BufferedReader(self._hurried)

    def finish(self) -> None:
        """Let the client read the answer: a connection that is closed while something of it was not read is reset."""
        with suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            for _ in range(2 * LARGEST // _PIECE):
                if not self._hurried.read(_PIECE):
                    break
        super().finish()

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        webhook = cast("Webhook", self.server)
        self._answer(*(webhook.gate.challenge(query) if path == webhook.path else (HTTPStatus.NOT_FOUND, b"")))

    def do_POST(self) -> None:
        self._answer(self._notice())

    def _notice(self) -> HTTPStatus:
        webhook = cast("Webhook", self.server)
        if refusal := self._refusal(webhook.path):
            return refusal
        length = int(self.headers["Content-Length"])
        try:
            body = self.rfile.read(length)
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT
        if len(body) < length:
            return HTTPStatus.BAD_REQUEST
        return webhook.gate.notice(self.headers["X-Hub-Signature-256"], body)

    def _refusal(self, path: str) -> HTTPStatus | None:
        """What the head alone is refused for."""
        if self.path.partition("?")[0] != path:
            return HTTPStatus.NOT_FOUND
        lengths = [length.strip() for length in self.headers.get_all("Content-Length", [])]
        if self.headers["Transfer-Encoding"] or not lengths:
            return HTTPStatus.LENGTH_REQUIRED
        if len(lengths) > 1 or not (lengths[0].isascii() and lengths[0].isdecimal()):
            return HTTPStatus.BAD_REQUEST
        if len(lengths[0]) > len(str(LARGEST)) or int(lengths[0]) > LARGEST:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return None

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server finds wrong, without its page, which quotes the request."""
        self._answer(HTTPStatus(code))

    def _answer(self, status: HTTPStatus, body: bytes = b"") -> None:
        self.close_connection = True
        self.request_version = self.protocol_version  # of what is too malformed to have one
        self.connection.settimeout(SECONDS)
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name of http.server)
        """Nothing: the address of a verification holds the token."""


class _Hurried(io.RawIOBase):
    """Reads from a connection until a moment, however little comes at a time.

    Args:
        connection: To a client.
        end: The moment, of ``time.monotonic()``.
    """

    def __init__(self, connection: socket.socket, end: float) -> None:
        super().__init__()
        self._connection = connection
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)
