"""Files that are read side by side keep together."""

from __future__ import annotations

import threading

AHEAD = 60.0
"""Seconds of media that one stream may be read ahead of what the slowest has been worked through."""


class Pace:
    """Holds back the reader of a stream (picture or sound of a file) while another stream is far behind.

    What is seen is merged by media time, so what a fast stream shows has to wait for the slow ones; this bounds how
    much of it waits. The stream that has been read least is never held back: its component may need more of it
    than `ahead` before it tells anything.

    Args:
        ahead: Seconds of media.
    """

    def __init__(self, ahead: float = AHEAD) -> None:
        self._ahead = ahead
        self._reached: dict[str, float] = {}
        self._read: dict[str, float] = {}
        self._changed = threading.Condition()
        self._closed = False

    def join(self, stream: str) -> None:
        """A stream begins."""
        with self._changed:
            self._reached[stream] = self._read[stream] = 0.0

    def reached(self, stream: str, time: float) -> None:
        """Everything of that stream up to `time` was worked through; infinity at its end."""
        if self._alone:
            return
        with self._changed:
            if time > self._reached.get(stream, 0.0):
                self._reached[stream] = time
                self._read[stream] = max(time, self._read.get(stream, 0.0))
                self._changed.notify_all()

    def wait(self, stream: str, time: float) -> None:
        """Wait until a reader of that stream may go on to `time`."""
        if self._alone:
            return
        with self._changed:
            if stream in self._read:
                self._read[stream] = max(time, self._read[stream])
                self._changed.notify_all()
            self._changed.wait_for(lambda: self._closed or time <= self._allowed(stream))

    def close(self) -> None:
        """Let everybody go on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def _alone(self) -> bool:
        """Whether there is nobody to keep together with: then the threads need not meet over a lock for every frame."""
        return len(self._reached) <= 1

    def _allowed(self, stream: str) -> float:
        others = [name for name in self._reached if name != stream]
        slowest = min((self._reached[name] for name in others), default=float("inf"))
        least_read = min((self._read[name] for name in others), default=float("inf"))
        return max(slowest + self._ahead, least_read)
