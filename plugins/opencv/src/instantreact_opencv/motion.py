"""The detector `motion`: what moves before a still background."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from instantreact_opencv.exposure import Exposure
from instantreact_opencv.quiet import cv2
from instantreact_opencv.regions import regions
from instantreact_opencv.tracks import Tracks
from instantreact_sdk import Context, Detections, Detector, Frame, Options

_SIZE = (256, 192)
_BACKGROUND = 0.8
_EVERYTHING = 0.5
_SHADOW = 127
_FEW_FRAMES = 10


class MotionOptions(Options):
    """Options of `opencv/motion`."""

    sensitivity: float = Field(0.5, ge=0, le=1)
    """How small a change of colour counts: 0 only strong ones, 1 the faintest. Lower it where leaves, rain or a noisy
    picture are taken for motion; raise it where people in grey before grey are missed."""

    min_area: float = Field(0.0008, gt=0, lt=1)
    """The smallest thing reported, as a fraction of the picture that its moving pixels cover. 0.0008 is a person whose height
    is about a twelfth of the picture's; 0.02 one that fills a third of it."""

    memory: float = Field(30.0, gt=0, le=3600)
    """Seconds that a thing has to stand still to become part of the background, and be no motion any more."""

    learning: float = Field(2.0, ge=0, le=600)
    """Seconds at the beginning, and after the whole picture changed, in which the background is learned and nothing is
    reported; at least ten frames."""


class Motion(Detector):
    """Regions that differ from a background that it learns (mixture of Gaussians, Zivkovic 2004; OpenCV's MOG2).

    It works on the picture at 256 x 192. Shadows are not motion, nor is a change of brightness of the whole picture. Where more than half of the
    picture changes all the same (a light is switched, the camera was turned) the background is learned anew. The score is
    ``area / (area + min_area)``: 0.5 for the smallest thing that is reported, 0.9 for one nine times as large. The same
    number in `Detections.tracks` is the same thing in following frames.

    All times are media time, so that it behaves alike at any number of frames a second.

    Args:
        options: What counts as motion.
    """

    labels = ("motion",)
    input_size = _SIZE

    def __init__(self, options: MotionOptions) -> None:
        self.options = options
        self._least = options.min_area * _SIZE[0] * _SIZE[1]

    def open(self, context: Context) -> None:
        """Begin with an empty background."""
        self._learn_anew()

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """The regions that move, largest first; none while it learns."""
        return [self._detect(frame) for frame in frames]

    def _learn_anew(self) -> None:
        model = cv2.createBackgroundSubtractorMOG2()
        model.setNMixtures(3)
        model.setBackgroundRatio(_BACKGROUND)
        # A colour belongs to the background within so many standard deviations, squared, of one that is at least 4 levels
        # wide: compression and passing clouds move a still picture by as much.
        model.setVarThreshold(100.0 / 16.0**self.options.sensitivity)
        model.setVarMin(16)
        model.setVarInit(20)
        model.setShadowThreshold(0.7)
        self._model = model
        self._exposure = Exposure()
        self._tracks = Tracks()
        self._count = 0
        self._began = self._last = 0.0

    def _detect(self, frame: Frame) -> Detections:
        mask = self._moving(frame)
        if np.count_nonzero(mask) > _EVERYTHING * mask.size:
            self._learn_anew()
            self._moving(frame)
        if self._is_learning(frame.time):
            return Detections.empty()
        boxes, areas = regions(mask, self._least)
        tracks = self._tracks.follow(boxes, frame.time)
        if not len(boxes):
            return Detections.empty()
        width, height = _SIZE
        labels = np.zeros(len(boxes), np.int64)
        scores = areas / (areas + self._least)
        return Detections.from_pixels(boxes, scores, labels, width=width, height=height, tracks=tracks)

    def _moving(self, frame: Frame) -> NDArray[np.uint8]:
        """255 where a pixel does not belong to the background, as ``(192, 256)``; learns from the frame."""
        if not self._count:
            self._began = self._last = frame.time
        self._count += 1
        rate = self._rate(frame.time)
        self._last = frame.time
        picture = self._exposure.steady(frame.resized(*_SIZE), rate)
        mask = self._model.apply(picture, learningRate=rate)
        moving = cv2.threshold(mask, _SHADOW, 255, cv2.THRESH_BINARY)[1]
        return cv2.medianBlur(moving, 3)  # type: ignore[return-value]  # single pixels are noise

    def _is_learning(self, time: float) -> bool:
        return self._count <= _FEW_FRAMES or time - self._began < self.options.learning

    def _rate(self, time: float) -> float:
        """How much of the background a frame becomes.

        At first all frames count the same. Later, what stands still grows by such steps that after `memory` seconds the old
        background holds less than `_BACKGROUND` of the weight, which is where MOG2 takes the new one for background too.
        """
        if self._is_learning(time):
            return 1 / self._count
        rate: float = 1 - _BACKGROUND ** ((time - self._last) / self.options.memory)
        return min(rate, 0.05)  # however long an outage was, one frame must not become the background
