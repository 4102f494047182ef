"""Keeps the brightness of a still scene steady."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from instantreact_opencv.quiet import cv2

_GRAIN = (32, 24)
_MOST = 2.0


class Exposure:
    """Takes back what a camera's exposure, or a cloud, does to the whole picture.

    Each picture is multiplied by the median, over a grid of 32 x 24 cells, of how much darker or brighter the cells became; things
    that cover less than half of the picture do not move that median.
    """

    def __init__(self) -> None:
        self._usual: NDArray[np.float32] | None = None

    def steady(self, picture: NDArray[np.uint8], rate: float) -> NDArray[np.uint8]:
        """The picture as bright as usual; 0.5 to 2 times as bright as it came, at most.

        Args:
            picture: uint8 ``(height, width, 3)``.
            rate: How much of what is usual this picture becomes, in 0..1.
        """
        cells = (
            cv2.resize(picture, _GRAIN, interpolation=cv2.INTER_AREA).astype(np.float32) + 1
        )  # black divides nothing
        if self._usual is None:
            self._usual = cells
        gain = float(np.clip(np.median(self._usual / cells), 1 / _MOST, _MOST))
        self._usual += np.float32(rate) * (cells * np.float32(gain) - self._usual)
        return cv2.convertScaleAbs(picture, alpha=gain)  # type: ignore[return-value]
