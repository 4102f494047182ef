"""The detector: areas of one colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from instantreact_sdk import Detections, Detector, Frame
from numpy.typing import ArrayLike, NDArray

from instantreact_frozen_detector.options import COLOURS, FrozenDetectorDetectorOptions

WIDTH, HEIGHT = 320, 180
"""Pixels that are looked at, spread evenly over a picture of any size."""


class FrozenDetectorDetector(Detector):
    """Finds areas of one colour.

    Areas are told apart where an empty row or column lies between them; the score is the part of the box that has
    the colour.

    Args:
        options: What the pipeline file sets.
    """

    labels = ("blob",)

    def __init__(self, options: FrozenDetectorDetectorOptions) -> None:
        self.options = options
        self._colour = np.frombuffer(bytes.fromhex(COLOURS.get(options.colour, options.colour)[1:]), np.uint8)

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """The areas in each frame, from left to right."""
        return [self._find(self._mask(frame)) for frame in frames]

    def _mask(self, frame: Frame) -> NDArray[np.bool_]:
        """Where the colour is: shape ``(HEIGHT, WIDTH)``."""
        rows = np.arange(HEIGHT) * frame.height // HEIGHT
        columns = np.arange(WIDTH) * frame.width // WIDTH
        pixels = frame.image[np.ix_(rows, columns)].astype(np.int16)  # uint8 would wrap around below 0
        mask: NDArray[np.bool_] = (np.abs(pixels - self._colour) <= self.options.tolerance * 255).all(axis=2)
        return mask

    def _find(self, mask: NDArray[np.bool_]) -> Detections:
        boxes: list[list[float]] = []
        scores: list[float] = []
        for rows, columns in _areas(mask):
            area = mask[rows, columns]
            if np.count_nonzero(area) >= self.options.min_area * mask.size:
                edges = columns.start / WIDTH, rows.start / HEIGHT, columns.stop / WIDTH, rows.stop / HEIGHT
                boxes.append([*edges])
                scores.append(float(area.mean()))
        return Detections(boxes, scores, [0] * len(boxes))


def _areas(mask: NDArray[np.bool_]) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of each area: cut at empty columns, then at empty rows, then trimmed."""
    for columns in _runs(mask.any(axis=0)):
        for rows in _runs(mask[:, columns].any(axis=1)):
            filled = np.flatnonzero(mask[rows, columns].any(axis=0)) + columns.start
            yield rows, slice(int(filled[0]), int(filled[-1]) + 1)


def _runs(flags: ArrayLike) -> list[slice]:
    """Where flags are true without a gap."""
    edges = np.flatnonzero(np.diff(flags, prepend=False, append=False)).tolist()
    return [slice(start, stop) for start, stop in zip(edges[::2], edges[1::2], strict=True)]
