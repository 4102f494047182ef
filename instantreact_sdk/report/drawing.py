"""Draws what was seen onto pictures.

With OpenCV itself: supervision has more annotators, but importing it takes a second (SciPy, Matplotlib), which is longer than
a short run takes altogether.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from instantreact_sdk.report.colours import Colour, colour_of
from instantreact_sdk.types import Caption, Detections, Health, Observation, Pixels, SoundEvent, Transcript

if TYPE_CHECKING:
    from cv2 import FontFace

Zones = Mapping[str, Sequence[tuple[float, float]]]
"""Polygons by name; corners ``(x, y)`` as fractions of width and height."""

_INK: Colour = (16, 20, 20)
_PAPER: Colour = (255, 255, 255)
_ZONE: Colour = (120, 220, 255)
_ZONE_OPACITY = 0.16
_BAND_OPACITY = 0.62
_WEIGHT = 500  # of the letters: 400 is regular, 700 bold


def draw(image: Pixels, seen: Sequence[Observation], zones: Zones | None = None) -> Pixels:
    """A copy of a picture with what was seen in it.

    Lines and letters grow with the picture, so that they read the same at 320 pixels and at 4K.

    Args:
        image: uint8 RGB ``(height, width, 3)``; left as it is.
        seen: Detections become boxes with label, score and track; captions, speech and sounds a line at the bottom.
        zones: Drawn translucent, below everything else.

    Returns:
        uint8 RGB of the same shape, writable.
    """
    canvas: Pixels = image.copy()
    stroke, letter = _sizes(canvas)
    for name, polygon in (zones or {}).items():
        _draw_zone(canvas, name, polygon, stroke, letter)
    for observation in seen:
        if isinstance(observation.value, Detections):
            _draw_boxes(canvas, observation.value, observation.names, stroke, letter)
    texts = [text for observation in seen if (text := spoken(observation))]
    if texts:
        _draw_band(canvas, "   ".join(texts), letter)
    return canvas


def draw_labelled(image: Pixels, objects: Sequence[tuple[str, tuple[float, float, float, float]]]) -> Pixels:
    """A copy of a picture with labelled boxes, drawn as those of detections are.

    Args:
        image: uint8 RGB ``(height, width, 3)``; left as it is.
        objects: Labels, and edges in pixels: x_min, y_min, x_max, y_max.

    Returns:
        uint8 RGB of the same shape, writable.
    """
    canvas: Pixels = image.copy()
    stroke, letter = _sizes(canvas)
    height, width = canvas.shape[:2]
    for label, box in objects:
        left, top, right, bottom = np.rint(np.clip(box, 0, (width - 1, height - 1) * 2)).astype(int).tolist()
        _draw_box(canvas, (left, top, right, bottom), label, colour_of(label), stroke, letter)
    return canvas


def spoken(observation: Observation) -> str:
    """The observation as a piece of the line at the bottom; empty for detections."""
    match observation.value:
        case Caption(text=text):
            return text
        case Transcript(text=text):
            return f"“{text}”"
        case SoundEvent(label=label):
            return f"[{label}]"
        case Health(kind=kind):
            return f"{observation.by or observation.source}: {kind}"
        case _:
            return ""


def _sizes(canvas: Pixels) -> tuple[int, int]:
    """Width of lines and height of letters in pixels."""
    shorter = min(canvas.shape[:2])
    return max(1, round(shorter / 320)), max(10, round(shorter / 36))


def _draw_zone(canvas: Pixels, name: str, polygon: Sequence[tuple[float, float]], stroke: int, letter: int) -> None:
    import cv2

    height, width = canvas.shape[:2]
    corners = np.rint(np.array(polygon) * (width - 1, height - 1)).astype(np.int32)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    part = canvas[top : bottom + 1, left : right + 1]
    tinted = part.copy()
    cv2.fillPoly(tinted, [corners - (left, top)], _ZONE)
    cv2.addWeighted(tinted, _ZONE_OPACITY, part, 1 - _ZONE_OPACITY, 0, dst=part)
    cv2.polylines(canvas, [corners], isClosed=True, color=_ZONE, thickness=stroke, lineType=cv2.LINE_AA)
    x, y = min(corners.tolist(), key=lambda corner: (corner[1], corner[0]))
    _write(canvas, name, (x + letter // 2, y + letter + letter // 2), letter, _ZONE)


def _draw_boxes(canvas: Pixels, found: Detections, names: tuple[str, ...], stroke: int, letter: int) -> None:
    height, width = canvas.shape[:2]
    corners = np.rint(found.boxes * (width - 1, height - 1, width - 1, height - 1)).astype(int).tolist()
    for row, (left, top, right, bottom) in enumerate(corners):
        label = names[found.labels[row]]
        text = f"{label} {found.scores[row]:.2f}"
        if found.tracks is not None:
            text += f" #{found.tracks[row]}"
        _draw_box(canvas, (left, top, right, bottom), text, colour_of(label), stroke, letter)


def _draw_box(
    canvas: Pixels, corners: tuple[int, int, int, int], text: str, colour: Colour, stroke: int, letter: int
) -> None:
    import cv2

    cv2.rectangle(canvas, corners[:2], corners[2:], colour, stroke)
    _draw_tag(canvas, text, corners[:2], letter, colour)


def _draw_tag(canvas: Pixels, text: str, corner: tuple[int, int], letter: int, colour: Colour) -> None:
    """A filled tag on top of a box; inside the box where there is no room above, and never beyond the picture."""
    import cv2

    margin, tall = max(2, letter // 4), letter + letter // 3
    wide = _width(text, letter) + 2 * margin
    left, top = max(0, min(corner[0], canvas.shape[1] - wide)), corner[1]
    bottom = top if top >= tall else top + tall
    cv2.rectangle(canvas, (left, bottom - tall), (left + wide, bottom), colour, cv2.FILLED)
    _write(canvas, text, (left + margin, bottom - letter // 4 - 1), letter, _INK)


def _draw_band(canvas: Pixels, text: str, letter: int) -> None:
    height, width = canvas.shape[:2]
    tall = 2 * letter
    band = canvas[max(0, height - tall) :]
    band[:] = (band * (1 - _BAND_OPACITY)).astype(np.uint8)
    room = width - 2 * letter
    if _width(text, letter) > room:
        while text and _width(text + "…", letter) > room:
            text = text[:-1]
        text += "…"
    _write(canvas, text, (letter, height - round(0.65 * letter)), letter, _PAPER)


@cache
def _font() -> FontFace:
    import cv2

    return cv2.FontFace("sans")  # built into OpenCV 5; it knows most of Unicode


def _width(text: str, letter: int) -> int:
    import cv2

    return cv2.getTextSize((1 << 14, 1 << 14), text, (0, 0), _font(), letter, _WEIGHT)[2]


def _write(canvas: Pixels, text: str, start: tuple[int, int], letter: int, colour: Colour) -> None:
    """`start` is the left end of the line that the letters stand on."""
    import cv2

    cv2.putText(canvas, text, start, colour, _font(), letter, _WEIGHT)
