"""A small web server for links and figures, that gives nobody much time or room."""

from __future__ import annotations

import io
import logging
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from instantreact_sdk.errors import InstantReactError

SECONDS = 10.0
"""That a client may take to send its request, and again to read the answer."""
LARGEST = 16_384
"""Bytes of a request, all in all."""
_PLACES = 32


@dataclass(frozen=True, slots=True)
class Page:
    """What is answered.

    Attributes:
        body: Its bytes.
        status: Of HTTP.
        kind: Its media type.
        policy: What a browser may do with it, as a content security policy.
    """

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    kind: str = "text/plain; charset=utf-8"
    policy: str = "default-src 'none'; frame-ancestors 'none'"


NOT_FOUND = Page(b"There is no such page.\n", HTTPStatus.NOT_FOUND)

Answers = Mapping[str, Callable[[str], Page]]
"""By method, what gives the page of a path; they are called in threads of their own. What they raise is logged, and the client asked to come again."""


def only(path: str, kind: str, body: Callable[[], bytes]) -> Answers:
    """Answers for a server that has one page, made anew each time.

    Args:
        path: The page's.
        kind: Its media type.
        body: Makes it.
    """
    return {"GET": lambda asked: Page(body(), kind=kind) if asked == path else NOT_FOUND}


class FrontDesk:
    """Answers from its making until its ``with`` block ends; requests that are under way then are not waited for.

    It speaks plain HTTP, one request a connection: encryption is the work of a proxy before it.

    Args:
        host: The address to listen at.
        port: And the port; 0 takes a free one.
        answers: What it answers.
        name: What is served, for its threads, its log and its error.

    Raises:
        InstantReactError: IR4021, it cannot listen there.
    """

    def __init__(self, host: str, port: int, answers: Answers, *, name: str) -> None:
        try:
            self._server = _Server((host, port), answers, logging.getLogger(f"instantreact.{name}"))
        except (OSError, UnicodeError) as error:  # of a name that does not exist or is none, too
            problem = getattr(error, "strerror", None) or error
            raise InstantReactError("IR4021", what=name, host=host, port=port, problem=problem) from error
        self.port = int(self._server.server_address[1])
        thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name=name, daemon=True)
        thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], answers: Answers, log: logging.Logger) -> None:
        self.answers = answers
        self.log = log
        self._places = threading.BoundedSemaphore(_PLACES)
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Visitor)

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

    server: _Server
    protocol_version = "HTTP/1.0"

    def setup(self) -> None:
        super().setup()
        self.command = ""  # of what never becomes a request
        self.rfile.close()
        self._incoming = _Incoming(self.connection)
        self.rfile = io.BufferedReader(self._incoming)

    def handle(self) -> None:
        try:
            self.raw_requestline = self.rfile.readline(LARGEST + 1)
            if self.parse_request():  # otherwise it has answered already
                self._answer(self._page())
        except _TooLargeError:
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def finish(self) -> None:
        """Let the client read the answer: a connection that is closed while something of it was not read is reset."""
        with suppress(OSError, _TooLargeError):
            self.connection.shutdown(socket.SHUT_WR)
            self._incoming.room = 4 * LARGEST
            while True:  # until the client closes it, its time is over, or it sends far too much
                self.rfile.read1()
        super().finish()

    def _page(self) -> Page:
        server = self.server
        if self.command not in server.answers:
            return Page(b"This cannot be done here.\n", HTTPStatus.METHOD_NOT_ALLOWED)
        try:
            return server.answers[self.command](self.path.partition("?")[0])
        except Exception as error:  # noqa: BLE001  (whatever it is, the client has to be told that nothing was done)
            server.log.warning("A request could not be answered: %s", error)
            text = b"This cannot be done just now. Please try again in a minute.\n"
            return Page(text, HTTPStatus.SERVICE_UNAVAILABLE)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server finds wrong, without its page, which quotes the request."""
        self._answer(Page(b"This is no request that is understood here.\n", HTTPStatus(code)))

    def _answer(self, page: Page) -> None:
        self.request_version = self.protocol_version  # of what is too malformed to have one
        self.connection.settimeout(SECONDS)
        self.send_response_only(page.status)  # names no server
        headers = {
            "Date": self.date_time_string(),
            "Connection": "close",
            "Content-Type": page.kind,
            "Content-Length": str(len(page.body)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": page.policy,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex, nofollow",
        }
        if page.status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(self.server.answers)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name of http.server)
        """Nothing: whoever reads a link can open it."""


class _TooLargeError(Exception):
    """The client has sent more than anybody has to say here."""


class _Incoming(io.RawIOBase):
    """What comes by a connection: for `SECONDS`, however little comes at a time, and up to `LARGEST`.

    Its end is an error: `http.server` would take half a request for a whole one.
    """

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._connection = connection
        self._end = time.monotonic() + SECONDS
        self.room = LARGEST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self.room <= 0:
            raise _TooLargeError
        self._connection.settimeout(left)
        count = self._connection.recv_into(memoryview(buffer)[: self.room])
        if count == 0:
            raise ConnectionAbortedError
        self.room -= count
        return count
