"""What breaks the promises that every other check stands on."""

from __future__ import annotations

import math
import threading

import numpy as np

from instantreact_sdk import Detections, Detector
from instantreact_sdk.testing import Case
from mutants.mutant import Mutant


class Spot(Detector):
    """A healthy detector: where the picture is red."""

    labels = ("spot",)

    def __init__(self, options):
        self.options = options

    def detect(self, frames):
        return [self.find(frame.image) for frame in frames]

    def find(self, image):
        rows, columns = np.nonzero((image[..., 0] > 150) & (image[..., 1] < 100))
        if not len(rows):
            return Detections.empty()
        height, width = image.shape[:2]
        box = [columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height]
        return Detections([box], [0.9], [0])


class CaseOfSomethingElse(Spot):
    @staticmethod
    def check(folder):
        yield {"options": {}}


class CaseWithUnknownOptions(Spot):
    @staticmethod
    def check(folder):
        yield Case(options={"colour": "red"})


class StartsInItsConstructor(Spot):
    def __init__(self, options):
        self.ended = threading.Event()
        threading.Thread(target=self.ended.wait, name="early", daemon=True).start()

    def close(self):
        self.ended.set()


class ClosesOnce(Spot):
    def open(self, context):
        self.file = object()

    def close(self):
        del self.file


class OpensOnce(Spot):
    was_open = False

    def open(self, context):
        if self.was_open:
            raise RuntimeError("already open")
        self.was_open = True


class Raises(Spot):
    def find(self, image):
        raise ValueError("no such blob")


class Hangs(Spot):
    def find(self, image):
        threading.Event().wait()


class Dies(Spot):
    def find(self, image):
        import ctypes

        ctypes.string_at(0)


class NotANumber(Spot):
    def find(self, image):
        return Detections([[0.1, 0.1, math.nan, 0.5]], [0.9], [0])


class Outside(Spot):
    def find(self, image):
        return Detections([[0.1, 0.1, 120.0, 0.5]], [0.9], [0])


class TooFew(Spot):
    def detect(self, frames):
        return []


class ReturnsNone(Spot):
    def detect(self, frames):
        pass


HEALTHY = [Spot]
MUTANTS = [
    Mutant("has-a-valid-case", CaseOfSomethingElse, "yielded a dict, no Case"),
    Mutant("has-a-valid-case", CaseWithUnknownOptions, "colour"),
    Mutant("constructor-is-idle", StartsInItsConstructor, "the thread early"),
    Mutant("opens-and-closes", ClosesOnce, "close raised AttributeError"),
    Mutant("opens-and-closes", OpensOnce, "open raised RuntimeError: already open"),
    Mutant("answers", Raises, "detect raised ValueError: no such blob"),
    Mutant("answers", Hangs, "detect did not return within 3 s"),
    Mutant("answers", Dies, "detect killed the process (SIGSEGV)"),
    Mutant("values-are-valid", NotANumber, "not inside 0..1"),
    Mutant("values-are-valid", Outside, "not inside 0..1"),
    Mutant("answers-fit", TooFew, "detect returned 0 Detections for 1 frames"),
    Mutant("answers-fit", ReturnsNone, "detect returned None"),
]
