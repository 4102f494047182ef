"""Pictures whose every pixel is known."""

from __future__ import annotations

import numpy as np

from instantreact_sdk.types import Frame, Pixels

Colour = tuple[int, int, int]
"""Red, green and blue, in 0..255."""

_GREY: Colour = (40, 40, 40)
_RED: Colour = (220, 30, 30)
_SEED = 3


def frame(width: int = 320, height: int = 240, *, colour: Colour = _GREY, time: float = 0.0, index: int = 0) -> Frame:
    """A picture of one colour.

    Args:
        width: In pixels, 1 or more.
        height: In pixels, 1 or more.
        colour: Of every pixel.
        time: Seconds since the source's ``open()``.
        index: Number of the frame in its source.
    """
    return Frame(_plain(width, height, colour), time=time, index=index)


def still(
    count: int = 40,
    *,
    width: int = 320,
    height: int = 240,
    fps: float = 10.0,
    colour: Colour = _GREY,
    noise: float = 0.0,
    first: int = 0,
) -> list[Frame]:
    """Frames of a camera that looks at a wall.

    Args:
        count: How many.
        width: In pixels.
        height: In pixels.
        fps: Frames per second: frame number `i` has the time ``i / fps``.
        colour: Of the wall.
        noise: Standard deviation of the sensor's noise, in levels of 0..255; another one in each frame, the same in each run.
        first: Number of the first frame, so that scenes can follow each other: ``[*still(20), *moving_square(first=20)]``.
    """
    return [_taken(_plain(width, height, colour), index, fps=fps, noise=noise) for index in range(first, first + count)]


def moving_square(
    count: int = 40,
    *,
    width: int = 320,
    height: int = 240,
    fps: float = 10.0,
    side: float = 0.2,
    colour: Colour = _RED,
    background: Colour = _GREY,
    noise: float = 0.0,
    first: int = 0,
) -> list[Frame]:
    """A square that goes from the left edge to the right one, at half height; `square_box` tells where it is.

    Args:
        count: How many frames.
        width: In pixels.
        height: In pixels.
        fps: Frames per second: frame number `i` has the time ``i / fps``.
        side: Side of the square, as a fraction of the picture's shorter edge, in 0..1.
        colour: Of the square.
        background: Of all the rest.
        noise: Standard deviation of the sensor's noise, in levels of 0..255; another one in each frame, the same in each run.
        first: Number of the first frame, as for `still`.
    """
    frames = []
    for step in range(count):
        pixels = _plain(width, height, background)
        left, top, edge = _square(step, count, width, height, side)
        pixels[top : top + edge, left : left + edge] = colour
        frames.append(_taken(pixels, first + step, fps=fps, noise=noise))
    return frames


def square_box(
    step: int, *, count: int = 40, width: int = 320, height: int = 240, side: float = 0.2
) -> tuple[float, float, float, float]:
    """Where the square of `moving_square` is: ``(x_min, y_min, x_max, y_max)`` as fractions of the picture.

    Args:
        step: Position in the list that `moving_square` gave, from 0.
        count: As given to `moving_square`.
        width: As given to `moving_square`.
        height: As given to `moving_square`.
        side: As given to `moving_square`.
    """
    left, top, edge = _square(step, count, width, height, side)
    return left / width, top / height, (left + edge) / width, (top + edge) / height


def _square(step: int, count: int, width: int, height: int, side: float) -> tuple[int, int, int]:
    """Left, top and side, in pixels."""
    edge = max(1, round(side * min(width, height)))
    return round(step / max(count - 1, 1) * (width - edge)), (height - edge) // 2, edge


def _plain(width: int, height: int, colour: Colour) -> Pixels:
    return np.full((height, width, 3), colour, np.uint8)


def _taken(pixels: Pixels, index: int, *, fps: float, noise: float) -> Frame:
    if noise:
        grain = np.random.default_rng((_SEED, index)).normal(0, noise, pixels.shape)
        pixels = np.clip(np.rint(pixels + grain), 0, 255).astype(np.uint8)
    return Frame(pixels, time=index / fps, index=index)
