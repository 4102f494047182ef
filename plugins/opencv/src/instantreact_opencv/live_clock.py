"""A stream's own clock, tied to the clock of this machine."""

from __future__ import annotations

_STEP = 0.001
_PERIOD = 5.0
_JUMP = 0.5


class StreamClock:
    """Gives each picture its time in seconds since the source's ``open()``, from the stream's own timestamps.

    A stream's clock starts anywhere, runs a little fast or slow, and its pictures arrive late by an unsteady delay. A picture's
    time is its position in the stream plus an offset. The offset starts so that the first picture dates from the moment
    of connecting (FFmpeg gathers a second or two of pictures before it hands out the first), and then keeps to the
    least delay that is seen: down at once, since no picture comes from the future, and up after every 5 seconds.

    Times grow strictly, over reconnects as well.
    """

    def __init__(self) -> None:
        self._last = -_STEP
        self._position: float | None = None
        self._offset = 0.0
        self._least = 0.0
        self._since = 0.0

    def restart(self, now: float) -> None:
        """A new connection begins, `now` seconds after ``open()``."""
        self._position = None
        self._since = now

    def time(self, position: float | None, now: float) -> float:
        """The time of a picture.

        Args:
            position: Of the picture in its stream, in seconds; None where the stream has no clock: then it is `now`.
            now: When it arrived, in seconds since ``open()``.
        """
        time = now if position is None else position + self._follow(position, now)
        self._last = max(time, self._last + _STEP)
        return self._last

    def _follow(self, position: float, now: float) -> float:
        delay = now - position
        if self._position is None:
            self._offset, self._least = min(delay, self._since - position), delay
        elif position < self._position - _JUMP:  # the camera set its clock back
            self._offset = self._least = delay
        self._position = position
        self._offset = min(self._offset, delay)
        self._least = min(self._least, delay)
        if now - self._since >= _PERIOD:
            self._offset, self._least, self._since = self._least, delay, now
        return self._offset
