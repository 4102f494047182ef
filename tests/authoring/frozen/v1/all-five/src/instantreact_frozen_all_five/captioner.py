"""The captioner: says whether and where something moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from instantreact_sdk import Caption, Captioner, Clip, Frame
from numpy.typing import NDArray

from instantreact_frozen_all_five.options import FrozenAllFiveCaptionerOptions

WIDTH, HEIGHT = 96, 54
"""Pixels that are looked at, spread evenly over a picture of any size."""
PLACES = ("on the left", "in the middle", "on the right")


class FrozenAllFiveCaptioner(Captioner):
    """Compares each frame of a clip with the one before.

    The confidence is 0.5 where the next louder or quieter sentence would do as well, and grows towards 1 away from there.

    Args:
        options: What the pipeline file sets.
    """

    clip_length = 10

    def __init__(self, options: FrozenAllFiveCaptionerOptions) -> None:
        self.options = options

    def caption(self, clips: Sequence[Clip]) -> list[Caption]:
        """One sentence for each clip."""
        return [self._describe(clip) for clip in clips]

    def _describe(self, clip: Clip) -> Caption:
        brightness = np.stack([_brightness(frame) for frame in clip.frames])
        changes = np.abs(np.diff(brightness, axis=0)).max(axis=0, initial=0)
        text, confidence = self._say(changes > self.options.change * 255)
        return Caption(text, confidence=confidence, start=clip.start, end=clip.end)

    def _say(self, moved: NDArray[np.bool_]) -> tuple[str, float]:
        """Sentence and confidence, from the spots that moved: ``(HEIGHT, WIDTH)``."""
        part = float(moved.mean())
        if part < self.options.some:
            return "nothing moves", 1 - part / self.options.some / 2
        if part >= self.options.much:
            return "much moves", 1 - self.options.much / part / 2
        centre = (np.nonzero(moved)[1].mean() + 0.5) / WIDTH
        return f"something moves {PLACES[int(centre * 3)]}", 1 - self.options.some / part / 2


def _brightness(frame: Frame) -> NDArray[np.float64]:
    """Brightness of some pixels, in 0..255: shape ``(HEIGHT, WIDTH)``."""
    rows = np.arange(HEIGHT) * frame.height // HEIGHT
    columns = np.arange(WIDTH) * frame.width // WIDTH
    brightness: NDArray[np.float64] = frame.image[np.ix_(rows, columns)].mean(axis=2)
    return brightness
