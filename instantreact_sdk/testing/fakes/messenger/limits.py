"""How many sends the platform takes in a while."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Limit:
    """So many sends and uploads in any span of so many seconds; one that it turns away does not count.

    Attributes:
        count: How many, at least 1.
        seconds: The span, more than 0.
        error: As what one too many is refused, of `GRAPH_ERRORS`.
        tells: Whether that answer says how much is used, and in how many minutes the app may go on. The platform does not always.
    """

    count: int
    seconds: float
    error: str = "613"
    tells: bool = True
    _times: deque[float] = field(default_factory=deque, repr=False)

    def used(self, now: float) -> int:
        """How much of it is used, in percent of `count`; `now` as for `admits`."""
        while self._times and now - self._times[0] >= self.seconds:
            self._times.popleft()
        return 100 * len(self._times) // self.count

    def minutes(self, now: float) -> int:
        """After how many minutes, at least 1, there is room for one more; 0 where there is; `now` as for `admits`."""
        if self.used(now) < 100:  # noqa: PLR2004  (percent)
            return 0
        return max(1, math.ceil((self._times[0] + self.seconds - now) / 60))

    def admits(self, now: float) -> bool:
        """Whether one more is taken, which is then counted.

        Args:
            now: Seconds of a clock that never runs backwards.
        """
        if self.minutes(now):
            return False
        self._times.append(now)
        return True
