"""Turning pictures."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from instantreact_opencv.quiet import cv2

Pixels = NDArray[np.uint8]
"""A picture as `cv2` has it: BGR, ``(height, width, 3)``."""

TURNS: dict[str | int, int | None] = {
    "auto": None,  # done by the decoder
    0: None,
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
"""What `turned` is to be told for each value of the option `rotate`; None where there is nothing to do."""


def turned(pixels: cv2.typing.MatLike, turn: int | None) -> Pixels:
    """What a decoder gave, turned."""
    return cast(Pixels, pixels if turn is None else cv2.rotate(pixels, turn))
