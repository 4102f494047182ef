"""Many labelled pictures on one sheet, to see at a glance whether boxes and labels are right."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.report.drawing import draw_labelled
from instantreact_sdk.types import Pixels

Tile = tuple[Pixels, Sequence[tuple[str, tuple[float, float, float, float]]]]
"""A picture, and its objects: labels, and edges in pixels."""

_SIDE = 360
_GAP = 8
_PAPER = 24


def contact_sheet(tiles: Iterable[Tile]) -> Pixels:
    """Pictures side by side, each as large as a square of 360 pixels holds.

    Args:
        tiles: What to show.

    Returns:
        uint8 RGB, about as many pictures wide as high.
    """
    small = [tile(image, objects) for image, objects in tiles]
    columns = math.ceil(math.sqrt(len(small))) or 1
    wide, high = (max((each.shape[axis] for each in small), default=0) + _GAP for axis in (1, 0))
    rows = math.ceil(len(small) / columns)
    sheet = np.full((rows * high + _GAP, columns * wide + _GAP, 3), _PAPER, np.uint8)
    for place, each in enumerate(small):
        row, column = divmod(place, columns)
        top = (_GAP + row * high) + (high - _GAP - each.shape[0]) // 2
        left = (_GAP + column * wide) + (wide - _GAP - each.shape[1]) // 2
        sheet[top : top + each.shape[0], left : left + each.shape[1]] = each
    return sheet


def tile(image: Pixels, objects: Sequence[tuple[str, tuple[float, float, float, float]]], side: int = _SIDE) -> Pixels:
    """A picture with labelled boxes, as large as a square holds.

    Args:
        image: uint8 RGB ``(height, width, 3)``.
        objects: Labels, and edges in pixels of `image`.
        side: Of the square, in pixels.
    """
    import cv2

    height, width = image.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small: Pixels = np.asarray(cv2.resize(image, size, interpolation=way), np.uint8)
    x, y = size[0] / width, size[1] / height
    scaled = [(label, (box[0] * x, box[1] * y, box[2] * x, box[3] * y)) for label, box in objects]
    return draw_labelled(small, scaled)


def write_picture(path: Path, image: Pixels) -> None:
    """Write a picture as what its ending says, JPEG or PNG; as PNG where it says neither.

    Raises:
        InstantReactError: IR4020, the file cannot be written.
    """
    import cv2

    ending = ".jpg" if path.suffix.lower() in {".jpg", ".jpeg"} else ".png"
    _, encoded = cv2.imencode(ending, image[:, :, ::-1])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded.tobytes())
    except OSError as error:
        raise InstantReactError("IR4020", path=path, problem=error.strerror or error) from error
