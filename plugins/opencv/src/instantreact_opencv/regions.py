"""Boxes around the moving pixels of a mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from instantreact_opencv.quiet import cv2

_JOIN = np.ones((7, 3), np.uint8)
"""People are upright: what is one above the other is joined over a larger gap than what is side by side."""
_CRUMB = 0.25
_GAP = 4.0


def regions(mask: NDArray[np.uint8], least: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Boxes of connected regions of moving pixels, largest first; pieces of one upright thing share a box.

    Args:
        mask: uint8 ``(height, width)``; 255 where something moves, else 0.
        least: Moving pixels that a region needs.

    Returns:
        Boxes ``(n, 4)`` as x_min, y_min, x_max, y_max in pixels, and their numbers of moving pixels ``(n,)``.
    """
    # With nothing beyond the border, what is near it is not drawn out to it; what is at it is put back.
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _JOIN, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    joined = cv2.bitwise_or(joined, mask)
    # BBDT labels in one thread: for so small a picture that is faster, and its order never changes.
    _, _, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(joined, 8, cv2.CV_16U, cv2.CCL_BBDT)
    found = stats[1:].astype(np.float64)  # row 0 is the background
    found = found[found[:, cv2.CC_STAT_AREA] >= least * _CRUMB]
    corners = found[:, :2]
    boxes, areas = _stacked(np.hstack([corners, corners + found[:, 2:4]]), found[:, cv2.CC_STAT_AREA])
    order = np.argsort(-areas, kind="stable")
    order = order[areas[order] >= least]
    return boxes[order], areas[order]


def _stacked(boxes: NDArray[np.float64], areas: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Unite boxes that touch one above the other, by more than half the width of the narrower: head, trunk and legs."""
    if not len(boxes):
        return boxes, areas
    low, high = np.maximum(boxes[:, None, :2], boxes[None, :, :2]), np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared, width = high - low, boxes[:, 2] - boxes[:, 0]
    touch = (shared[..., 0] > np.minimum(width[:, None], width[None]) / 2) & (shared[..., 1] >= -_GAP)
    group = touch.argmax(axis=1)  # the first box that each touches; itself, where there is none
    while (group[group] != group).any():
        group = group[group]
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    corners = (
        np.minimum.reduceat(boxes[order, :2], starts, axis=0),
        np.maximum.reduceat(boxes[order, 2:], starts, axis=0),
    )
    return np.hstack(corners), np.add.reduceat(areas[order], starts)
