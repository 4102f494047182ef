"""HTTP connections that end when their time is up, whatever the other side does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError


class CutOff:
    """Breaks a connection off from another thread.

    The time limits of `requests` hold for each wait: a server that sends a byte now and then is never too late for them.

    Attributes:
        connecting: Whether a connection is being made: nothing can have been sent through it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._late = False
        self._end = 0.0
        self.connecting = False

    @contextmanager
    def after(self, seconds: float) -> Iterator[None]:
        """While this lasts, break the connection once so many seconds have passed."""
        self._late = False
        self._end = time.monotonic() + seconds
        self.connecting = False
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def connected(self, connect: Callable[[], socket.socket], asker: HTTPConnection) -> socket.socket:
        """The socket that `connect` makes, where it does so in time.

        A thread waits for it, for nothing else ends a look-up of a name: with a dead network it takes a minute or two.

        Raises:
            ConnectTimeoutError: It did not.
        """
        made: list[socket.socket | Exception] = []
        lock, gone = threading.Lock(), False

        def work() -> None:
            found: socket.socket | Exception
            try:
                found = connect()
            except Exception as error:  # noqa: BLE001  (it is raised below)
                found = error
            with lock:
                if gone and isinstance(found, socket.socket):
                    found.close()
                made.append(found)

        thread = threading.Thread(target=work, name="messenger connects", daemon=True)
        thread.start()
        thread.join(max(self._end - time.monotonic(), 0))
        with lock:
            if not made:
                gone = True
                raise ConnectTimeoutError(asker, "no connection in time")
        if isinstance(made[0], Exception):
            raise made[0]
        return made[0]

    def watch(self, connected: socket.socket) -> None:
        """It is this one from now on."""
        with self._lock:
            self._socket = connected
            if self._late:
                _break(connected)

    def _cut(self) -> None:
        with self._lock:
            self._late = True
            if self._socket:
                _break(self._socket)


class Adapter(HTTPAdapter):
    """Keeps one connection, shown to a `CutOff` when it is made, also where it goes through a proxy."""

    def __init__(self, cut_off: CutOff) -> None:
        self._pools = _watched(cut_off)
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        """As the parent does, with our connections."""
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **more: Any) -> PoolManager:
        """Likewise."""
        manager: PoolManager = super().proxy_manager_for(*args, **more)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _watched(cut_off: CutOff) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return cut_off.connected(super()._new_conn, self)

        def connect(self) -> None:
            cut_off.connecting = True  # for TLS, too: only then the connection is there
            super().connect()
            cut_off.connecting = False
            cut_off.watch(self.sock)

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return cut_off.connected(super()._new_conn, self)

        def connect(self) -> None:
            cut_off.connecting = True  # for TLS, too: only then the connection is there
            super().connect()
            cut_off.connecting = False
            cut_off.watch(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


def _break(connected: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        # Not the method of an encrypted socket, which would take the encryption away under the thread that reads.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
