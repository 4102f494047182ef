"""How many frames may be on their way."""

from __future__ import annotations

import threading

CHUNK_BYTES = 8_000_000
"""Frames of a file are handed on together up to so many bytes: each hand-over costs a switch of threads."""
CHUNK_FRAMES = 8


def chunk_frames(width: int, height: int) -> int:
    """How many frames of this size are handed on together, for files."""
    return max(1, min(CHUNK_FRAMES, CHUNK_BYTES // max(1, width * height * 3)))


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
