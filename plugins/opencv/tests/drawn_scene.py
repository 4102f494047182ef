"""A still scene with noise, before which things can be drawn."""

from __future__ import annotations

import cv2
import numpy as np
from instantreact_opencv.motion import Motion, MotionOptions

from instantreact_sdk import Context, Detections, Frame

WIDTH, HEIGHT = 320, 240
_rows, _columns = np.mgrid[:HEIGHT, :WIDTH]
SCENE = np.stack([90 + _columns // 5, 110 + _rows // 5, 150 - _columns // 5], axis=2).astype(np.float32)


class Scene:
    """Pictures of the scene, each with its own noise of two grey levels; the same in every run."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(7)

    def picture(self, *boxes, light: float = 1.0, colour=(200, 40, 30)) -> np.ndarray:
        """The scene with boxes in fractions (x_min, y_min, x_max, y_max) painted in one colour, under more or less light."""
        image = SCENE.copy()
        for box in boxes:
            x0, y0, x1, y1 = np.round(np.array(box) * [WIDTH, HEIGHT, WIDTH, HEIGHT]).astype(int)
            cv2.rectangle(image, (x0, y0), (x1 - 1, y1 - 1), colour, -1)
        image = image * light + self._random.normal(0, 2, image.shape)
        return image.clip(0, 255).astype(np.uint8)


def detect(pictures, fps: float = 10.0, **options) -> list[Detections]:
    """What the detector finds in pictures that follow each other at a rate."""
    motion = Motion(MotionOptions(**options))
    motion.open(Context())
    found = []
    for index, picture in enumerate(pictures):
        found += motion.detect([Frame(picture, time=index / fps, index=index)])
    motion.close()
    return found


def overlap(one, other) -> float:
    """Intersection over union of two boxes."""
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    common = np.prod((high - low).clip(0))
    return float(
        common / (np.prod(np.subtract(one[2:], one[:2])) + np.prod(np.subtract(other[2:], other[:2])) - common)
    )
