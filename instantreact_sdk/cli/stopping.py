"""Ending long work early: cleanly the first time that someone asks, at once the second."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from instantreact_sdk.cli.ending import INTERRUPTED

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stoppable(saying: str) -> Iterator[threading.Event]:
    """While this lasts, Ctrl-C and SIGTERM set the event; a second one ends the process with 130.

    A thread of its own is told of signals by the lowest part of Python: their handlers would wait until the main thread comes back
    from a library's long computation, and might interrupt it while it holds the lock of the very event.

    Args:
        saying: What to tell whoever asked.
    """
    stop = threading.Event()
    out, into = os.pipe()
    os.set_blocking(into, False)

    def watch() -> None:
        while number := os.read(out, 1):
            if number[0] not in _SIGNALS:
                continue
            if stop.is_set():
                os._exit(INTERRUPTED)
            stop.set()
            print(f"\n{saying}", file=sys.stderr)  # noqa: T201  (at once, whatever is shown there)

    watcher = threading.Thread(target=watch, name="signals", daemon=True)
    watcher.start()
    handlers = {number: signal.signal(number, _heard) for number in _SIGNALS}
    before = signal.set_wakeup_fd(into, warn_on_full_buffer=False)
    try:
        yield stop
    finally:
        signal.set_wakeup_fd(before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(into)
        watcher.join()
        os.close(out)


def _heard(number: int, frame: FrameType | None) -> None:
    """A handler has to be there; the thread does the work."""
