"""The page and its data, for browsers of this machine alone."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from types import TracebackType
from typing import Any, Self

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.testing.dev.journal import Fact, Journal
from instantreact_sdk.testing.dev.pictures import media_type

_LOOPBACK = "127.0.0.1"
_BEAT = 10.0
"""Seconds after which a browser is written to without news, to see whether it is still there."""

Picture = Callable[[int, int], bytes | None]


class Server:
    """Serves on loopback until the context ends.

    Another site's page could have the browser look its own name up as 127.0.0.1 and then read everything here (DNS rebinding); so a request that
    names another host is refused.

    Args:
        journal: What the page tells.
        picture: Gives the picture of a run's number and its own.
        port: Where to listen; 0 for a free port.

    Raises:
        InstantReactError: IR2051, the port is taken.
    """

    def __init__(self, journal: Journal, picture: Picture, port: int = 0) -> None:
        try:
            self._server = _Listener(journal, picture, port)
        except OSError as error:
            raise InstantReactError("IR2051", port=port, problem=error.strerror) from error
        self.url = f"http://{_LOOPBACK}:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="page", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True  # a browser that reads slowly holds nobody up
    block_on_close = False

    def __init__(self, journal: Journal, picture: Picture, port: int) -> None:
        super().__init__((_LOOPBACK, port), _Handler)
        self.journal = journal
        self.picture = picture
        self.page, self.policy = _page()
        self.hosts = {f"{name}:{self.server_port}" for name in (_LOOPBACK, "localhost")}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    timeout = 30.0  # what connects and says nothing is let go

    def do_GET(self) -> None:
        if self.headers.get("Host") not in self.server.hosts:
            self._answer(403, "text/plain", b"This page is for http://127.0.0.1 alone.\n")
            return
        match self.path.partition("?")[0].split("/")[1:]:
            case [""]:
                self._answer(200, "text/html; charset=utf-8", self.server.page)
            case ["facts"]:
                self._tell()
            case ["picture", run, number] if run.isdecimal() and number.isdecimal():
                content = self.server.picture(int(run), int(number))
                if content is None:
                    self._answer(404, "text/plain", b"It is gone.\n")
                else:
                    self._answer(200, media_type(content), content)
            case _:
                self._answer(404, "text/plain", b"There is no such page.\n")

    def _answer(self, status: int, kind: str, content: bytes) -> None:
        self._begin(status, kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _begin(self, status: int, kind: str) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Cache-Control": "no-store",
            "Content-Security-Policy": self.server.policy,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        for name, value in headers.items():
            self.send_header(name, value)

    def _tell(self) -> None:
        """Server-sent events (HTML standard, 9.2): what is known, then each thing as it comes to be known."""
        self.close_connection = True
        self._begin(200, "text/event-stream")
        self.end_headers()
        run = position = 0
        while not self.server.journal.closed:
            number, facts = self.server.journal.after(run, position, _BEAT)
            position = len(facts) + (position if number == run else 0)
            run = number
            self.wfile.write(b"".join(map(_event, facts)) or b":\n\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name of the base class)
        """Nobody wants to read of each picture."""


def _event(fact: Fact) -> bytes:
    return f"data: {json.dumps(fact)}\n\n".encode()


def _page() -> tuple[bytes, str]:
    """The page, and the policy by which nothing of it runs or styles but what is in it."""
    from jinja2 import Environment, PackageLoader, select_autoescape

    house = files("instantreact_sdk.report") / "page" / "report.css"  # the report's colours, for it is one product
    room = files("instantreact_sdk.testing.dev") / "page"
    style = "".join(part.read_text(encoding="utf-8") for part in (house, room / "dev.css"))
    script = (room / "dev.js").read_text(encoding="utf-8")
    environment = Environment(
        loader=PackageLoader("instantreact_sdk.testing.dev", "page"), autoescape=select_autoescape(["html.j2"])
    )
    page = environment.get_template("dev.html.j2").render(style=style, script=script)
    policy = (
        f"default-src 'none'; img-src 'self' data:; connect-src 'self'; style-src {_hash(style)}; script-src {_hash(script)};"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return page.encode(), policy


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
