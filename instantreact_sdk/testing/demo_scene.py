"""What happens in the demo clip, and when."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from instantreact_sdk.testing.figure import Clothes, Pose, draw_figure
from instantreact_sdk.testing.yard import body_height, draw_yard
from instantreact_sdk.types import Pixels

ENTERS = 2.4
"""Somebody comes in from the left. All times are seconds."""
AT_GATE = 6.0
"""They are inside the painted zone, and stay there."""
LEAVES_GATE = 10.6
"""They walk away from it."""
AT_DOOR = 9.8
"""Somebody else steps before the door, and walks on."""
LEAVES_DOOR = 12.2
"""They have passed it."""
FALLS = 16.4
"""A third person falls."""
SPEECH = 17.0
"""The third person calls."""
WORDS = "Help! Help me, please!"
"""What the third person calls."""

_SEED = 20
_NOISE = 2.2  # standard deviation in grey levels
_NOISES = 7  # pictures of noise, in turn


@dataclass(frozen=True, slots=True)
class _Actor:
    clothes: Clothes
    way: tuple[tuple[float, float, float], ...]
    """Time, and x and y of the feet as fractions; before the first and after the last, they are not there."""
    falls: float = math.inf
    rattles: tuple[float, float] = (math.inf, math.inf)
    """From when to when they work on the gate."""


_ACTORS = (
    _Actor(
        Clothes((196, 66, 52), (34, 38, 62), (48, 36, 30)),
        (
            (ENTERS, -0.06, 0.80),
            (AT_GATE, 0.64, 0.625),
            (6.8, 0.74, 0.58),
            (7.8, 0.79, 0.60),
            (8.9, 0.70, 0.575),
            (LEAVES_GATE - 0.6, 0.82, 0.60),
            (LEAVES_GATE + 0.6, 0.96, 0.63),
            (12.0, 1.08, 0.66),
        ),
        rattles=(AT_GATE + 0.6, LEAVES_GATE - 0.8),
    ),
    _Actor(
        Clothes((70, 138, 152), (38, 34, 44), (190, 160, 96)),
        (
            (6.5, -0.05, 0.52),
            (AT_DOOR, 0.12, 0.53),
            (LEAVES_DOOR, 0.34, 0.54),
            (14.6, 0.44, 1.0),
            (15.4, 0.46, 1.36),
        ),
    ),
    _Actor(
        Clothes((222, 186, 84), (62, 40, 70), (206, 204, 200)),
        ((12.6, 1.06, 0.80), (FALLS, 0.66, 0.83), (60.0, 0.66, 0.83)),
        falls=FALLS,
    ),
)


class DemoScene:
    """The pictures of the demo clip, the same for the same arguments every time.

    Args:
        width: In pixels.
        height: In pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._yard, self._light = draw_yard(width, height, _SEED)
        random = np.random.default_rng(_SEED)
        self._noise = [random.normal(0, _NOISE, self._yard.shape).astype(np.int16) for _ in range(_NOISES)]

    def picture(self, time: float, index: int) -> Pixels:
        """The picture at a time in seconds: uint8 RGB ``(height, width, 3)``; `index` chooses the noise."""
        import cv2

        canvas = self._yard.copy()
        there = [(pose, actor) for actor in _ACTORS if (pose := self._pose(actor, time)) is not None]
        for pose, _ in there:
            self._draw_shadow(canvas, pose)
        for pose, actor in sorted(there, key=lambda pair: pair[0].foot[1]):
            draw_figure(canvas, pose, actor.clothes, self._brightness(pose.foot))
        self._draw_clock(canvas, time)
        noisy: Pixels = cv2.add(canvas, self._noise[index % _NOISES], dtype=cv2.CV_8U)  # type: ignore[assignment]
        return noisy

    def _pose(self, actor: _Actor, time: float) -> Pose | None:
        way = actor.way
        if not way[0][0] <= time < way[-1][0]:
            return None
        height, width = self._yard.shape[:2]
        leg = bisect_right([start for start, _, _ in way], time) - 1
        walked = sum(_steps(way[k], way[k + 1], width / height) for k in range(leg))
        (start, x0, y0), (end, x1, y1) = way[leg], way[leg + 1]
        part = (time - start) / (end - start)
        walked += part * _steps(way[leg], way[leg + 1], width / height)
        x, y = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
        fallen = min(max((time - actor.falls) / 0.7, 0.0), 1.0) ** 2
        facing = -1 if x1 < x0 or fallen else 1  # who falls has come from the right
        rattles = actor.rattles[0] <= time < actor.rattles[1]
        calls = fallen == 1.0
        wave = 1.9 + 0.35 * math.sin(9 * time) if rattles else -1.5 + 0.4 * math.sin(7 * time) if calls else 0.0
        return Pose(
            foot=(x * width, y * height),
            tall=body_height(y) * height,
            walked=walked,
            facing=facing,
            gait=0.0 if time >= actor.falls else 1.0,
            fallen=fallen,
            wave=wave,
        )

    def _brightness(self, foot: tuple[float, float]) -> float:
        height, width = self._light.shape
        x, y = min(max(round(foot[0]), 0), width - 1), min(max(round(foot[1]), 0), height - 1)
        return min(0.25 + 0.8 * float(self._light[y, x]), 1.08)

    def _draw_shadow(self, canvas: Pixels, pose: Pose) -> None:
        import cv2

        shade = canvas.copy()
        centre = (
            round(pose.foot[0] + pose.facing * pose.fallen * pose.tall * 0.45),
            round(pose.foot[1] + pose.tall * 0.01),
        )
        axes = (round(pose.tall * (0.17 + 0.33 * pose.fallen)), max(1, round(pose.tall * 0.05)))
        cv2.ellipse(shade, centre, axes, 0, 0, 360, (14, 16, 20), cv2.FILLED, cv2.LINE_AA)
        cv2.addWeighted(shade, 0.5, canvas, 0.5, 0, dst=canvas)

    def _draw_clock(self, canvas: Pixels, time: float) -> None:
        import cv2

        letter = max(9, round(canvas.shape[0] / 30))
        seconds = 22 * 3600 + 14 * 60 + int(time)
        text = f"YARD  {seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        cv2.putText(
            canvas, text, (letter, canvas.shape[0] - letter), (196, 202, 206), cv2.FontFace("sans"), letter, 500
        )


def _steps(start: tuple[float, float, float], end: tuple[float, float, float], aspect: float) -> float:
    """The way between two points in body heights."""
    far = math.hypot((end[1] - start[1]) * aspect, end[2] - start[2])
    return far / max(body_height((start[2] + end[2]) / 2), 1e-6)
