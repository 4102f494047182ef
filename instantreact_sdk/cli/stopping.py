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

    Args:
        saying: What to tell whoever asked.
    """
    stop = threading.Event()

    def asked(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (how handlers are called)
        if stop.is_set():
            os._exit(INTERRUPTED)  # libraries catch KeyboardInterrupt, and work may hang
        stop.set()
        os.write(sys.stderr.fileno(), f"\n{saying}\n".encode())  # a print may be what was interrupted

    before = {number: signal.signal(number, asked) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
