"""Media time out of a stream's own time stamps."""

from __future__ import annotations

_TICK = 0.001


class Stamps:
    """Turns the stamps of one stream, frame by frame, into strictly growing times.

    Good stamps pass unchanged. The others are mended as little as possible:

    - A frame without a stamp (a raw stream has none; OpenCV gives 0) comes one step after the frame before it.
    - A single stamp that is equal to or behind the last one counts as the last one plus a millisecond.
    - Where the next one is behind too, and follows the first, the stream's clock was set back (two recordings in one file):
      it goes on from there, one step after the last frame.

    Args:
        start: Seconds from the container's zero to the stream's first stamp.
        step: Seconds between frames where nothing better is known; otherwise it is the last distance of two good stamps.
    """

    def __init__(self, start: float, step: float) -> None:
        self._offset = start
        self._step = step
        self._last = -1.0
        self._set_back: float | None = None

    def time(self, stamp: float) -> float:
        """The time of the next frame in seconds, greater than the last one, 0 or more.

        Args:
            stamp: What the stream says, in seconds from its first stamp.
        """
        last = self._last
        if last < 0:
            if stamp + self._offset < 0:
                self._offset = -stamp
            self._last = stamp + self._offset
            return self._last
        time = stamp + self._offset
        if time > last and stamp != 0:
            self._set_back = None
            self._step = time - last
        elif self._set_back is not None and stamp != 0 and stamp + self._set_back > last:
            self._offset, self._set_back = self._set_back, None
            time = stamp + self._offset
        else:
            self._set_back = last + self._step - stamp
            time = last + (_TICK if stamp else self._step)
        self._last = time
        return time
