"""A server that does to a client what no fake of HTTP would: bytes as one likes, when one likes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def served(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """The address of a server that calls ``talk(connection, over)`` with each connection, in a thread of its own."""
    over = threading.Event()
    threads = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    threads.append(threading.Thread(target=serve, args=(connection,), daemon=True))
                    threads[-1].start()

        def serve(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                talk(connection, over)

        porter = threading.Thread(target=accept, daemon=True)
        porter.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            listening.shutdown(socket.SHUT_RDWR)
            for thread in (porter, *threads):
                thread.join(20)
                assert not thread.is_alive()


def asked(connection: socket.socket) -> bytes:
    """One request with a ``Content-Length``, whole."""
    with connection.makefile("rb") as file:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = file.readline()
            if not line:
                raise ConnectionAbortedError
            head += line
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        return head + file.read(length)
