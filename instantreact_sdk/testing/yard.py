"""A yard at night, as a camera on a wall sees it: the stage of the demo clip."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from instantreact_sdk.types import Pixels

Light = NDArray[np.float32]
Polygon = tuple[tuple[float, float], ...]

GATE: Polygon = ((0.60, 0.52), (0.87, 0.52), (0.96, 0.70), (0.55, 0.70))
"""The painted ground before the gate, as fractions of the picture; where somebody will stay."""
DOOR: Polygon = ((0.13, 0.46), (0.33, 0.46), (0.37, 0.57), (0.09, 0.57))
"""The ground before the door; where somebody will pass."""

_HORIZON = 0.22
_WALL = 0.46  # where the ground begins
_STARS = 0.0015  # of the sky's pixels
_LAMPS = ((0.235, 0.165, 0.42), (0.50, 0.10, 0.60))  # x, y, and how far below their light falls


def body_height(foot: float) -> float:
    """How tall a person looks whose feet are at a height of the picture; both as fractions of it."""
    return (foot - _HORIZON) * 0.6


def draw_yard(width: int, height: int, seed: int) -> tuple[Pixels, Light]:
    """The empty yard.

    Returns:
        The picture, uint8 RGB ``(height, width, 3)``, and how bright it is where, float32 ``(height, width)``.
    """
    random = np.random.default_rng(seed)
    x, y = np.meshgrid(np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32))
    canvas = _sky(y, random)
    _draw_houses(canvas, random)
    _draw_ground(canvas, y, random)
    light = _light(x, y)
    lit = canvas * light[..., None] * np.array([1.06, 1.0, 0.9], np.float32)
    picture = np.clip(lit, 0, 255).astype(np.uint8)
    _draw_lamps(picture)
    return picture, light


def _pixels(polygon: Any, canvas: NDArray[Any]) -> NDArray[np.int32]:
    height, width = canvas.shape[:2]
    corners: NDArray[np.int32] = np.rint(np.array(polygon) * (width, height)).astype(np.int32)
    return corners


def _sky(y: Light, random: np.random.Generator) -> NDArray[np.float32]:
    rise = np.clip(y / _WALL, 0, 1)[..., None]
    sky: NDArray[np.float32] = (1 - rise) * np.array([26, 34, 62], np.float32) + rise * np.array(
        [70, 84, 120], np.float32
    )
    stars = (random.random(y.shape) < _STARS) & (y < _WALL * 0.7)
    sky[stars] += random.uniform(30, 130, (int(stars.sum()), 1)).astype(np.float32)
    return sky


def _draw_houses(canvas: NDArray[np.float32], random: np.random.Generator) -> None:
    import cv2

    def box(left: float, top: float, right: float, bottom: float, colour: tuple[float, float, float]) -> None:
        (x0, y0), (x1, y1) = _pixels(((left, top), (right, bottom)), canvas)
        cv2.rectangle(canvas, (int(x0), int(y0)), (int(x1), int(y1)), colour, cv2.FILLED)

    left = 0.36
    while left < 1:  # the town behind
        wide, top = random.uniform(0.05, 0.1), random.uniform(0.13, 0.26)
        box(left, top, left + wide, _WALL, (34, 42, 66))
        for _ in range(3):
            wx, wy = random.uniform(left + 0.01, left + wide - 0.015), random.uniform(top + 0.02, 0.30)
            box(wx, wy, wx + 0.008, wy + 0.016, (190, 160, 90))
        left += wide
    box(0.36, 0.32, 1, _WALL, (92, 84, 82))  # the wall
    box(0.36, 0.312, 1, 0.328, (120, 112, 108))
    box(0.625, 0.27, 0.855, _WALL, (30, 34, 42))  # the gate and its bars
    for bar in np.linspace(0.63, 0.85, 15):
        box(bar - 0.002, 0.275, bar + 0.002, _WALL, (150, 156, 164))
    box(0.625, 0.27, 0.855, 0.282, (150, 156, 164))
    box(0.625, 0.36, 0.855, 0.37, (150, 156, 164))
    for post in (0.615, 0.855):
        box(post, 0.25, post + 0.014, _WALL + 0.005, (126, 118, 112))
    box(0, 0.02, 0.36, _WALL, (112, 98, 92))  # the building
    for row in np.arange(0.02, _WALL, 0.022):
        box(0, row, 0.36, row + 0.003, (100, 87, 82))
    for window, glass in ((0.02, (52, 60, 82)), (0.11, (232, 192, 120)), (0.295, (52, 60, 82))):
        box(window, 0.10, window + 0.055, 0.25, (70, 66, 70))
        box(window + 0.004, 0.107, window + 0.051, 0.243, glass)
        box(window + 0.026, 0.10, window + 0.029, 0.25, (70, 66, 70))
    box(0.20, 0.215, 0.27, _WALL, (70, 64, 62))  # the door
    box(0.206, 0.225, 0.264, _WALL, (70, 104, 112))
    box(0.214, 0.24, 0.256, 0.31, (150, 176, 176))


def _draw_ground(canvas: NDArray[np.float32], y: Light, random: np.random.Generator) -> None:
    import cv2

    top = round(_WALL * canvas.shape[0])
    depth = ((y[top:] - _WALL) / (1 - _WALL))[..., None]
    grain = random.normal(0, 5, (*depth.shape[:2], 1)).astype(np.float32)
    canvas[top:] = np.array([92, 94, 98], np.float32) + depth * 14 + cv2.GaussianBlur(grain, (0, 0), 0.8)[..., None]
    vanish = (0.5, _HORIZON)
    for end in np.linspace(-2.0, 3.0, 17):  # paving, towards the vanishing point
        start = vanish[0] + (end - vanish[0]) * (_WALL - vanish[1]) / (1 - vanish[1])
        a, b = _pixels(((start, _WALL), (end, 1.0)), canvas).tolist()
        cv2.line(canvas, a, b, (84, 86, 90), 1, cv2.LINE_AA)
    for step in range(1, 9):
        row = _HORIZON + (_WALL - _HORIZON) / (1 - step * 0.085)
        a, b = _pixels(((0, row), (1, row)), canvas).tolist()
        cv2.line(canvas, a, b, (84, 86, 90), 1, cv2.LINE_AA)
    _paint(canvas, GATE, (214, 178, 60))
    a, b = _pixels(((0.0, 0.86), (1.0, 0.935)), canvas).tolist()
    cv2.line(canvas, a, b, (150, 150, 148), 3, cv2.LINE_AA)


def _paint(canvas: NDArray[np.float32], polygon: Polygon, colour: tuple[int, int, int]) -> None:
    """A worn outline with stripes."""
    import cv2

    painted = canvas.copy()
    cv2.polylines(painted, [_pixels(polygon, canvas)], isClosed=True, color=colour, thickness=3, lineType=cv2.LINE_AA)
    (far_left, far), (far_right, _), (near_right, near), (near_left, _) = polygon
    for stripe in np.linspace(0.08, 0.92, 8):
        ends = (
            (far_left + (far_right - far_left) * min(1.0, stripe + 0.07), far),
            (near_left + (near_right - near_left) * max(0.0, stripe - 0.07), near),
        )
        a, b = _pixels(ends, canvas).tolist()
        cv2.line(painted, a, b, colour, 2, cv2.LINE_AA)
    cv2.addWeighted(painted, 0.62, canvas, 0.38, 0, dst=canvas)


def _light(x: Light, y: Light) -> Light:
    light = np.full_like(x, 0.34)
    for lamp_x, lamp_y, reach in _LAMPS:
        pool = np.exp(-(((x - lamp_x) / 0.30) ** 2) - ((y - lamp_y - reach) / 0.26) ** 2)
        glow = np.exp(-(((x - lamp_x) / 0.10) ** 2) - ((y - lamp_y) / 0.13) ** 2)
        light += 0.62 * pool + 0.42 * glow
    edge = (x - 0.5) ** 2 + (y - 0.5) ** 2
    return (light * (1.05 - 0.45 * edge)).astype(np.float32)


def _draw_lamps(picture: Pixels) -> None:
    import cv2

    size = picture.shape[1]
    (x, y), (_, foot) = _pixels(((_LAMPS[1][0], _LAMPS[1][1]), (0, _WALL + 0.02)), picture).tolist()
    cv2.line(picture, (x + size // 40, y), (x + size // 40, foot), (44, 48, 54), max(1, size // 200), cv2.LINE_AA)
    cv2.line(picture, (x + size // 40, y), (x, y), (44, 48, 54), max(1, size // 260), cv2.LINE_AA)
    glow = np.zeros_like(picture)
    for lamp_x, lamp_y, _ in _LAMPS:
        centre = tuple(_pixels(((lamp_x, lamp_y),), picture)[0].tolist())
        cv2.circle(glow, centre, size // 60, (255, 214, 150), cv2.FILLED, cv2.LINE_AA)
    cv2.add(picture, cv2.GaussianBlur(glow, (0, 0), size / 70), dst=picture)
    for lamp_x, lamp_y, _ in _LAMPS:
        centre = tuple(_pixels(((lamp_x, lamp_y),), picture)[0].tolist())
        cv2.ellipse(picture, centre, (size // 80, size // 160), 0, 0, 360, (255, 240, 206), cv2.FILLED, cv2.LINE_AA)
