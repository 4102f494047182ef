"""How much boxes overlap, and which object a box overlaps most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]
Numbers = NDArray[np.int64]

_PAIRS = 1_000_000
"""About so many pairs are compared at once, so that memory does not grow with the dataset."""


def overlaps(boxes: Boxes, others: Boxes) -> NDArray[np.float64]:
    """Intersection over union, row by row: ``(n, 4)`` against ``(n, 4)`` gives ``(n,)`` in 0..1.

    Edges are where a box begins and ends, so that its width is a plain difference. The VOC devkit (VOCevaldet.m) names
    the first and the last pixel inside instead, and adds 1 to each difference; both give the same ratio.
    """
    sides = np.minimum(boxes[:, 2:], others[:, 2:]) - np.maximum(boxes[:, :2], others[:, :2])
    shared = np.maximum(sides, 0).prod(axis=1)
    union = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (others[:, 2:] - others[:, :2]).prod(axis=1) - shared
    ratios = np.zeros(len(boxes))
    np.divide(shared, union, out=ratios, where=union > 0)  # two lines overlap nowhere
    return ratios


def nearest(
    boxes: Boxes, groups: Numbers, objects: Boxes, object_groups: Numbers
) -> tuple[NDArray[np.float64], Numbers]:
    """For each box the object of its own group that it overlaps most; of equals the first.

    Args:
        boxes: ``(n, 4)``.
        groups: ``(n,)``: only boxes and objects of one group are compared, as those of one image and class.
        objects: ``(m, 4)``.
        object_groups: ``(m,)``.

    Returns:
        The overlaps ``(n,)``, and the positions of the objects ``(n,)``; 0 and -1 where a box overlaps none.
    """
    order = np.argsort(object_groups, kind="stable")
    low = np.searchsorted(object_groups, groups, "left", sorter=order)
    many = np.searchsorted(object_groups, groups, "right", sorter=order) - low
    most, which = np.zeros(len(boxes)), np.full(len(boxes), -1, np.int64)
    compared = np.flatnonzero(many)
    for rows in np.array_split(compared, 1 + int(many.sum()) // _PAIRS) if len(compared) else []:
        starts = many[rows].cumsum() - many[rows]
        first_objects = np.repeat(low[rows] - starts, many[rows])
        objects_of_pairs = order[first_objects + np.arange(len(first_objects))]
        ratios = overlaps(boxes[np.repeat(rows, many[rows])], objects[objects_of_pairs])
        most[rows] = np.maximum.reduceat(ratios, starts)
        best = np.flatnonzero(ratios == np.repeat(most[rows], many[rows]))
        which[rows] = objects_of_pairs[best[np.searchsorted(best, starts)]]
    which[most == 0] = -1
    return most, which
