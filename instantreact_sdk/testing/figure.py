"""A person, drawn: walks with moving limbs, waves, falls."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from instantreact_sdk.types import Pixels

_SHIFT = 4  # OpenCV draws at sixteenths of a pixel, so that slow figures glide
_STRIDE = 0.9  # body heights that two steps cover
_LYING = math.radians(84)

Colour = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Clothes:
    """Colours, as red, green and blue in 0..255."""

    jacket: Colour
    trousers: Colour
    hair: Colour
    skin: Colour = (214, 170, 140)


@dataclass(frozen=True, slots=True)
class Pose:
    """How a person stands at one moment.

    Attributes:
        foot: Where on the picture, in pixels.
        tall: Body height in pixels.
        walked: Way so far in body heights: it moves the limbs.
        facing: 1 to the right, -1 to the left.
        gait: From 0, standing, to 1, walking.
        fallen: From 0, upright, to 1, lying.
        wave: Raises the near arm by so many radians.
    """

    foot: Point
    tall: float
    walked: float
    facing: int
    gait: float = 1.0
    fallen: float = 0.0
    wave: float = 0.0


def draw_figure(canvas: Pixels, pose: Pose, clothes: Clothes, light: float) -> None:
    """Draws a person onto a picture.

    Args:
        canvas: uint8 RGB ``(height, width, 3)``; drawn into.
        pose: How the person stands.
        clothes: What the person wears.
        light: How bright it is there; 1 shows the colours as they are.
    """
    import cv2

    def at(x: float, y: float) -> tuple[int, int]:
        """From body heights, relative to the feet, y up, to the picture; leaning by the fall."""
        angle = pose.fallen * _LYING
        x, y = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
        return (
            round((pose.foot[0] + pose.facing * x * pose.tall) * (1 << _SHIFT)),
            round((pose.foot[1] - y * pose.tall) * (1 << _SHIFT)),
        )

    def line(points: list[Point], width: float, colour: Colour, shade: float = 1.0) -> None:
        lit = tuple(min(255.0, channel * light * shade) for channel in colour)
        thick = max(1, round(width * pose.tall))
        for start, end in pairwise(points):
            cv2.line(canvas, at(*start), at(*end), lit, thick, cv2.LINE_AA, _SHIFT)

    beat = 2 * math.pi * pose.walked / _STRIDE
    swing = 0.5 * pose.gait * math.sin(beat)
    lift = 0.5 * pose.gait * max(0.0, math.cos(beat))
    other = 0.5 * pose.gait * max(0.0, -math.cos(beat))
    bob = 0.012 * pose.gait * abs(math.cos(beat))
    hip, shoulder, head = (0.0, 0.50 + bob), (0.015, 0.80 + bob), (0.03, 0.915 + bob)
    line(_limb(shoulder, swing * 0.9, 0.35, 0.17), 0.065, clothes.jacket, 0.62)
    line(_limb(hip, -swing, -other, 0.25), 0.085, clothes.trousers, 0.68)
    line(_limb(hip, swing, -lift, 0.25), 0.09, clothes.trousers)
    line([hip, (0.005, 0.66 + bob), shoulder], 0.165, clothes.jacket)
    line([shoulder, head], 0.06, clothes.skin, 0.85)
    line([(head[0] - 0.004, head[1] + 0.012), (head[0] - 0.006, head[1] + 0.016)], 0.135, clothes.hair)
    line([(head[0] + 0.014, head[1] - 0.012), (head[0] + 0.012, head[1] - 0.002)], 0.105, clothes.skin)
    line(_limb(shoulder, pose.wave - swing * 0.9, 0.35 + 0.3 * bool(pose.wave), 0.17), 0.068, clothes.jacket, 1.12)


def _limb(root: Point, angle: float, bend: float, part: float) -> list[Point]:
    """Two parts of one length from a joint; angles from straight down, forward positive."""
    joint = (root[0] + part * math.sin(angle), root[1] - part * math.cos(angle))
    return [root, joint, (joint[0] + part * math.sin(angle + bend), joint[1] - part * math.cos(angle + bend))]
