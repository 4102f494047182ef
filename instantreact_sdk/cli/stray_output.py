"""Where ``print`` of plugins ends up."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable


class StrayOutput(io.TextIOBase):
    """Stands for standard output while plugins work: writes to standard error, and tells which thread it was.

    Args:
        note: ``note(thread)`` is called with the thread's name for each write.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Write to standard error."""
        self._note(threading.current_thread().name)
        return sys.stderr.write(text)
