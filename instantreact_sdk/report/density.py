"""How much was seen when, in bounded memory."""

from __future__ import annotations

from math import isfinite

_BINS = 480
_FINEST = 0.5  # seconds; some frames even of slow sources, so that single ones make no comb


class Density:
    """Counts over media time, in bins that become twice as wide whenever the time outgrows them.

    Attributes:
        total: Sum of all counts.
        width: Of a bin, in seconds.
        counts: One count a bin, from time 0; at most 480.
    """

    def __init__(self) -> None:
        self.total = 0
        self.width = _FINEST
        self.counts: list[int] = []

    def add(self, time: float, count: int) -> None:
        """Counts something at a time in seconds, 0 or more; what has no finite time is left out."""
        if not (isfinite(time) and time >= 0):
            return
        while time >= _BINS * self.width:
            self.width *= 2
            self.counts = [sum(self.counts[i : i + 2]) for i in range(0, len(self.counts), 2)]
        position = int(time / self.width)
        if position >= len(self.counts):
            self.counts += [0] * (position + 1 - len(self.counts))
        self.counts[position] += count
        self.total += count

    def path(self) -> str:
        """The counts as an SVG path: x in seconds, y from 1 (nothing) up to 0 (the most)."""
        most = max(self.counts, default=0)
        pieces: list[str] = []
        before = 0
        for position, count in enumerate([*self.counts, 0]):
            x = f"{position * self.width:g}"
            if count and not before:
                pieces.append(f"M{x} 1V{1 - count / most:.2g}")
            elif before and not count:
                pieces.append(f"H{x}V1Z")
            elif count != before:
                pieces.append(f"H{x}V{1 - count / most:.2g}")
            before = count
        return "".join(pieces)
