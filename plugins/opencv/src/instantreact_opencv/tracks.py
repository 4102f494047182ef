"""Numbers that follow moving things from frame to frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_REACH = 1.0
_LOST_AFTER = 1.0


@dataclass(slots=True)
class _Track:
    number: int
    box: NDArray[np.float64]
    speed: NDArray[np.float64]
    seen: float


class Tracks:
    """Gives each box the number of the nearest one of the frames before, moved on as fast as it last went.

    Nearest is measured between centres in units of the larger of the two boxes' mean sides, so that it works for near
    and far things alike; what is farther than one unit is new. A number that was not seen for a second is given up
    and never used again.
    """

    def __init__(self) -> None:
        self._tracks: list[_Track] = []
        self._next = 1

    def follow(self, boxes: NDArray[np.float64], time: float) -> NDArray[np.int64]:
        """The number of each box, from 1, as ``(n,)``.

        Args:
            boxes: ``(n, 4)`` x_min, y_min, x_max, y_max, in any unit.
            time: Of the frame, in seconds; not before the last one.
        """
        self._tracks = [track for track in self._tracks if time - track.seen <= _LOST_AFTER]
        numbers = np.zeros(len(boxes), np.int64)
        for row, track in self._pairs(boxes, time):
            elapsed = time - track.seen
            if elapsed > 0:
                track.speed = (track.speed + (boxes[row] - track.box) / elapsed) / 2
            track.box, track.seen = boxes[row], time
            numbers[row] = track.number
        for row in np.flatnonzero(numbers == 0).tolist():
            self._tracks.append(_Track(self._next, boxes[row], np.zeros(4), time))
            numbers[row] = self._next
            self._next += 1
        return numbers

    def _pairs(self, boxes: NDArray[np.float64], time: float) -> list[tuple[int, _Track]]:
        """The nearest pair first, then the nearest of what is left."""
        if not len(boxes) or not self._tracks:
            return []
        ahead = np.array([track.box + track.speed * (time - track.seen) for track in self._tracks])
        distance = np.linalg.norm(_centres(boxes)[:, None] - _centres(ahead)[None], axis=2)
        distance /= np.maximum(_sizes(boxes)[:, None], _sizes(ahead)[None])
        pairs: list[tuple[int, _Track]] = []
        for _ in range(min(distance.shape)):
            row, column = np.unravel_index(distance.argmin(), distance.shape)
            if distance[row, column] > _REACH:
                break
            pairs.append((int(row), self._tracks[column]))
            distance[row, :] = distance[:, column] = np.inf
        return pairs


def _centres(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def _sizes(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    sizes: NDArray[np.float64] = (boxes[:, 2:] - boxes[:, :2]).mean(axis=1).clip(min=1e-9)
    return sizes
