"""Which frames are looked at."""

from __future__ import annotations

import math


class Sampler:
    """Takes at most so many frames a second, evenly: the first one in each slot of ``1 / fps`` seconds.

    It depends on the frames' times only, so that the same file gives the same sample in every run.

    Args:
        fps: Frames a second to take; None takes all.
    """

    def __init__(self, fps: float | None) -> None:
        self._fps = fps
        self._slot = -1

    def wants(self, time: float) -> bool:
        """Whether a frame of this time would be taken; a pure question."""
        return self._fps is None or self._slot_of(time) > self._slot

    def take(self, time: float) -> bool:
        """Take the frame of this time, if it is wanted."""
        if self._fps is None:
            return True
        slot = self._slot_of(time)
        if slot <= self._slot:
            return False
        self._slot = slot
        return True

    def _slot_of(self, time: float) -> int:
        assert self._fps is not None
        return math.floor(time * self._fps + 1e-6)  # 0.2 s at 5 fps is slot 1, whatever its last binary digit
