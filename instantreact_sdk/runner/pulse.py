"""Doing something over and over, as long as all is well."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

_LOOK = 1.0


class Pulse:
    """A thread that does something at once and then every so often, and leaves it while all is not well.

    It never holds up the end of the process.

    Args:
        name: The thread's.
        every: Seconds from one beginning to the next; ``inf`` for once.
        alive: Whether all is well. While it is not, it is asked once in a second, so that the pulse is back as soon as all is.
        beat: What to do. Neither of the two may raise.
    """

    def __init__(self, name: str, every: float, alive: Callable[[], bool], beat: Callable[[], None]) -> None:
        self._every = every
        self._alive = alive
        self._beat = beat
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    @property
    def over(self) -> bool:
        """Whether its ``with`` block has ended; what it does at that moment goes on."""
        return self._over.is_set()

    def _run(self) -> None:
        rest = 0.0
        while not self._over.wait(min(max(rest, 0.0), threading.TIMEOUT_MAX)):
            began = time.monotonic()
            if self._alive():
                self._beat()
                rest = began + self._every - time.monotonic()
            else:
                rest = min(_LOOK, self._every)
