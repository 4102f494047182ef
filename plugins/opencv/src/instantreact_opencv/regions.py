"""Boxes around the moving pixels of a mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from instantreact_opencv.quiet import cv2

_JOIN = np.ones((7, 3), np.uint8)
"""People are upright: what is one above the other is joined over a larger gap than what is side by side."""


def regions(mask: NDArray[np.uint8], least: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Boxes of connected regions of moving pixels, largest first.

    Args:
        mask: uint8 ``(height, width)``; 255 where something moves, else 0.
        least: Moving pixels that a region needs.

    Returns:
        Boxes ``(n, 4)`` as x_min, y_min, x_max, y_max in pixels, and their numbers of moving pixels ``(n,)``.
    """
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _JOIN)
    # BBDT labels in one thread: for so small a picture that is faster, and its order never changes.
    _, _, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(joined, 8, cv2.CV_16U, cv2.CCL_BBDT)
    found = stats[1:].astype(np.float64)  # row 0 is the background
    found = found[found[:, cv2.CC_STAT_AREA] >= least]
    found = found[np.argsort(-found[:, cv2.CC_STAT_AREA], kind="stable")]
    corners = found[:, :2]
    return np.hstack([corners, corners + found[:, 2:4]]), found[:, cv2.CC_STAT_AREA]
