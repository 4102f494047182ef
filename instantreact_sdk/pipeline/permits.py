"""How many frames may be on their way."""

from __future__ import annotations

import threading

CHUNK_FRAMES = 2
"""So many frames of a file are handed on together. Each hand-over costs a switch of threads; more frames at once push each other
out of the processor's cache, which costs more: measured with 1, 2, 4, 6, 12 and 16 frames of 768 x 576 pixels.
"""


class Permits:
    """How many frames of one source may be on their way to whoever draws them.

    Args:
        frames: At the most.
    """

    def __init__(self, frames: int) -> None:
        self._free = self._room = frames
        self._changed = threading.Condition()
        self._closed = False

    def take(self, frames: int, *, wait: bool) -> bool:
        """Take room for so many, and wait for it or not; whether there was any."""
        with self._changed:
            if wait:
                self._changed.wait_for(lambda: self._closed or self._free >= min(frames, self._room))
            elif self._free < frames:
                return False
            self._free -= frames
            return True

    def give(self, frames: int) -> None:
        """So many have been drawn."""
        with self._changed:
            self._free += frames
            self._changed.notify_all()

    def close(self) -> None:
        """Let everybody go on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
