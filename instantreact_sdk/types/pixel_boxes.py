"""Boxes in pixels, as metrics and ground truth hold them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from instantreact_sdk.errors import InstantReactError

_FARTHEST = 1e9  # no picture is so big, and areas of bigger boxes would lose their units


def pixel_boxes(what: str, boxes: ArrayLike) -> NDArray[np.float64]:
    """A copy as float64 ``(n, 4)``: edges x_min, y_min, x_max, y_max, which may lie outside of the picture.

    Raises:
        InstantReactError: IR4011, a box of `what` has not 4 edges, one is not finite or beyond 1e9, or its minimum is
            beyond its maximum.
    """
    edges = np.array(boxes, np.float64)
    if not edges.size:
        return np.zeros((0, 4))
    if edges.ndim != 2 or edges.shape[1] != 4:  # noqa: PLR2004  (a list of boxes, with four edges each)
        raise InstantReactError(
            "IR4011", what=f"{what}.boxes", wanted="an array of shape (n, 4)", got=f"of shape {edges.shape}"
        )
    right = (np.abs(edges) <= _FARTHEST).all(axis=1) & (edges[:, :2] <= edges[:, 2:]).all(axis=1)  # NaN is not
    if not right.all():
        row = int(right.argmin())
        wanted = "four finite edges within 1e9 pixels, no minimum beyond its maximum"
        raise InstantReactError("IR4011", what=f"{what}.boxes[{row}]", wanted=wanted, got=str(edges[row].tolist()))
    return edges
