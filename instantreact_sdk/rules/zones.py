"""Whether a point lies in a part of the picture."""

from __future__ import annotations

from collections.abc import Sequence

from instantreact_sdk.rules.timing import EPSILON


def inside(x: float, y: float, polygon: Sequence[tuple[float, float]]) -> bool:
    """Whether a point is inside a polygon, by the even-odd rule; its boundary is inside.

    The boundary is a millionth of the picture wide: corners are written in decimals, boxes are float32.

    Args:
        x: In fractions of the picture's width.
        y: In fractions of its height.
        polygon: At least three corners in the same fractions, in order; it closes itself.
    """
    odd = False
    x0, y0 = polygon[-1]
    for x1, y1 in polygon:
        dx, dy = x1 - x0, y1 - y0
        length = dx * dx + dy * dy
        along = max(0.0, min(1.0, ((x - x0) * dx + (y - y0) * dy) / length)) if length else 0.0
        if abs(x0 + along * dx - x) <= EPSILON and abs(y0 + along * dy - y) <= EPSILON:
            return True
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * dx / dy:
            odd = not odd
        x0, y0 = x1, y1
    return odd
