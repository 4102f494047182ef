"""Waiting for other threads without guessing how long they take."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

SECONDS = 20.0
"""Far beyond what anything here takes; only a test that fails waits so long."""


def until(true: Callable[[], object], seconds: float = SECONDS) -> None:
    """Wait until something is true; fail where it never becomes so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.005)


def started(work: Callable[[], object]) -> threading.Thread:
    """A thread that does `work`."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def joined(*threads: threading.Thread) -> None:
    """Wait for the threads; fail where one does not end."""
    for thread in threads:
        thread.join(SECONDS)
        assert not thread.is_alive(), f"{thread.name} hangs"
