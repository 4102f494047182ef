"""A port of this machine that can stop listening and come back."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

_HOST = "127.0.0.1"


class Listener:
    """Takes connections on a port of 127.0.0.1, each with a thread of its own.

    Args:
        talk: Called with each connection, in its thread; the connection is closed when it returns.
        port: Where to listen; 0 for a free port.

    Raises:
        OSError: Somebody else listens there, or it may not be used.
    """

    def __init__(self, talk: Callable[[socket.socket], None], port: int = 0) -> None:
        self._talk = talk
        if port:
            _bound(port, shared=False).close()  # fails where another listener would share it
        # It never listens. It keeps the port for the time in which nobody does: else another program may get it, and a client
        # that connects to a free port from that very port talks to itself.
        self._keeper = _bound(port)
        self.port: int = self._keeper.getsockname()[1]
        self._talks: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()

    def open(self) -> None:
        """Take connections."""
        listening = _bound(self.port)
        listening.listen(128)
        self._rope, bell = socket.socketpair()
        self._porter = threading.Thread(target=self._accept, args=(listening, bell), name="fake", daemon=True)
        self._porter.start()

    def close(self) -> None:
        """Break every connection, wait for the threads, and refuse whoever comes until the next `open`."""
        self._rope.close()
        self._porter.join()
        with self._lock:
            threads = list(self._talks.values())
            for connection in self._talks:
                with suppress(OSError):  # the client has hung up
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()

    def release(self) -> None:
        """Give the port back; after `close`."""
        self._keeper.close()

    def _accept(self, listening: socket.socket, bell: socket.socket) -> None:
        with listening, bell, selectors.DefaultSelector() as either:
            either.register(listening, selectors.EVENT_READ)
            either.register(bell, selectors.EVENT_READ)
            while all(key.fileobj is listening for key, _ in either.select()):
                connection, _ = listening.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), name="fake connection", daemon=True)
                with self._lock:
                    self._talks[connection] = thread
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            self._talk(connection)
        finally:
            with self._lock:  # `close` must not shut down another socket with the same number
                del self._talks[connection]
                connection.close()


def _bound(port: int, *, shared: bool = True) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # old connections linger on the port
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, shared)  # keeper and listener share it
        bound.bind((_HOST, port))
    except OSError:
        bound.close()
        raise
    return bound
