"""When to try again."""

from __future__ import annotations

import random

_FIRST = 0.25
_YOUNG = 600.0
_STEADY = 5.0


class Backoff:
    """Waits between the tries of an outage: twice as long each time, with jitter, for ever.

    At most 3 seconds while the outage is younger than ten minutes, so that with the time for connecting there are never more
    than 5 seconds between tries; up to 30 seconds later. The jitter (a half to the whole of the wait) keeps cameras
    that were lost together from coming back together.
    """

    def __init__(self) -> None:
        self._tries = 0
        self._began: float | None = None

    def connected_for(self, seconds: float) -> None:
        """A connection lasted that long. Only one that lasts ends the outage: a camera that gives a picture and falls must not be hammered."""
        if seconds >= _STEADY:
            self._tries, self._began = 0, None

    def wait(self, now: float) -> float:
        """Seconds until the next try, told at the monotonic time `now`."""
        if self._began is None:
            self._began = now
        limit = 3.0 if now - self._began < _YOUNG else 30.0
        longest = min(limit, _FIRST * 2.0 ** min(self._tries, 10))
        self._tries += 1
        return longest * random.uniform(0.5, 1.0)  # noqa: S311  (spread, not secrecy)
