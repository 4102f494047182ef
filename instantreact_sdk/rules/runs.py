"""How long something was there at every sampled frame."""

from __future__ import annotations

from collections import deque

from instantreact_sdk.rules.timing import forgiven, reached

Frame = tuple[float, tuple[str, ...]]
"""The time of a sampled frame, and the ids of the observations that found something in it."""


class Run:
    """Sampled frames at which something is true, one after the other.

    It keeps only the frames that the asked length may still need.

    Args:
        length: The asked length in seconds.
    """

    def __init__(self, length: float) -> None:
        self._length = length
        self._frames: deque[Frame] = deque()
        self._start = 0.0

    def add(self, frame: Frame, before: float) -> None:
        """It is true at this frame too; `before` is the time of the sampled frame before it."""
        time = frame[0]
        frames = self._frames
        if not self.goes_on(time, before):
            frames.clear()
            self._start = time
        frames.append(frame)
        while len(frames) > 1 and reached(time - frames[1][0], self._length):
            frames.popleft()

    def goes_on(self, time: float, before: float) -> bool:
        """Whether being true at `time` continues it: adjacent sampled frames always do, however far apart."""
        return bool(self._frames) and (self._frames[-1][0] == before or forgiven(time - self._frames[-1][0]))

    @property
    def held(self) -> float:
        """Seconds from its first frame to its last."""
        return self._frames[-1][0] - self._start

    @property
    def full(self) -> bool:
        """Whether it has lasted the asked length."""
        return reached(self.held, self._length)

    @property
    def ends(self) -> tuple[Frame, Frame]:
        """First and last frame of the shortest stretch that ends now and has the asked length; of all where none has."""
        return self._frames[0], self._frames[-1]
