"""What breaks the promises of detectors."""

from __future__ import annotations

import numpy as np

from instantreact_sdk import Detections
from mutants.life import Spot
from mutants.mutant import Mutant


class Spots(Spot):
    """A healthy detector of batches."""

    batch_size = 4


class StacksNothing(Spots):
    def detect(self, frames):
        np.concatenate([frame.image[:1, :1] for frame in frames])
        return super().detect(frames)


class AnswersNothingWithNone(Spots):
    def detect(self, frames):
        return super().detect(frames) if frames else None


class ScoresWithinTheBatch(Spots):
    def detect(self, frames):
        found = super().detect(frames)
        right = max((float(one.boxes[:, 2].max(initial=0)) for one in found), default=1.0)
        return [Detections(one.boxes, one.boxes[:, 2] / right, one.labels) for one in found]


class LooksAtTheFirst(Spots):
    def detect(self, frames):
        return [self.find(frames[0].image)] * len(frames) if frames else []


class AnswersBackwards(Spots):
    def detect(self, frames):
        return super().detect(frames)[::-1]


class FollowsCallsInsteadOfFrames(Spots):
    stateful = True

    def open(self, context):
        self.calls = 0

    def detect(self, frames):
        self.calls += 1
        return [
            Detections(one.boxes, one.scores, one.labels, tracks=np.full(len(one), self.calls))
            for one in super().detect(frames)
        ]


class RemembersInSecret(Spots):
    def open(self, context):
        self.before = None

    def find(self, image):
        found = super().find(image)
        before, self.before = self.before, found
        return found if before is None else before


class KeepsAnswersByNumber(Spot):
    def open(self, context):
        self.known = {}

    def detect(self, frames):
        for frame in frames:
            if frame.index not in self.known:
                self.known = {frame.index: self.find(frame.image)}
        return [self.known[frame.index] for frame in frames]


class LooksAtTwoOfThree(Spot):
    def open(self, context):
        self.calls = 0

    def find(self, image):
        self.calls += 1
        return super().find(image) if self.calls % 3 else Detections.empty()


class StacksWholePictures(Spots):
    def detect(self, frames):
        return [self.find(image) for image in np.stack([frame.image for frame in frames])] if frames else []


class SizeInAList(Spot):
    input_size = [32, 24]  # noqa: RUF012  (its mistake)


class SizeOfFractions(Spot):
    input_size = (32.0, 24.0)


class BatchesOfNone(Spot):
    batch_size = 0


class LabelsWithoutComma(Spot):
    labels = "spot"


class LabelsWithLineEnds(Spot):
    labels = ("spot\n", "blob\n")


class LabelsTwice(Spot):
    labels = ("spot", "spot")


class LabelWithoutName(Spot):
    labels = ("spot", "")


class LabelsGrow(Spot):
    def open(self, context):
        self.seen = 0

    @property
    def labels(self):
        return ("spot", "blob") if self.seen else ("spot",)

    def find(self, image):
        self.seen = 1
        return super().find(image)


class CountsFromOne(Spot):
    def find(self, image):
        found = super().find(image)
        return Detections(found.boxes, found.scores, found.labels + 1)


class NumbersAsTracks(Spot):
    def find(self, image):
        found = super().find(image)
        return Detections(found.boxes, found.scores, found.labels, tracks=range(len(found)))


class UnconfirmedTracks(Spot):
    stateful = True

    def find(self, image):
        boxes = super().find(image).boxes
        both = np.concatenate([boxes, boxes])
        return Detections(both, [0.9] * len(both), [0] * len(both), tracks=[-1] * len(both))


class SubtractsTheFirst(Spot):
    def open(self, context):
        self.first = None

    def find(self, image):
        if self.first is None:
            self.first = np.zeros_like(image)
        return super().find(image - self.first)


class ListsByNumber(Spot):
    def open(self, context):
        self.times = [0.0] * 1000

    def detect(self, frames):
        for frame in frames:
            self.times[frame.index] = frame.time
        return super().detect(frames)


class NeedsContrast(Spot):
    def find(self, image):
        if not image.std():
            raise ZeroDivisionError("float division by zero")
        return super().find(image)


class CutsOffTheEdge(Spot):
    def find(self, image):
        image[1:-1, 1:-1].max()
        return super().find(image)


class BoxesOfWideLenses(Spot):
    def find(self, image):
        height, width = image.shape[:2]
        return Detections([[0, 0, 1, width / height / 30]], [0.5], [0])


HEALTHY = [Spots]
MUTANTS = [
    Mutant("empty-batch", StacksNothing, "detect raised ValueError"),
    Mutant("empty-batch", AnswersNothingWithNone, "detect returned None, no sequence of Detections"),
    Mutant(
        "batch-equals-singles", ScoresWithinTheBatch, "given batches of 4 instead of one by one, it answered otherwise"
    ),
    Mutant("batch-equals-singles", LooksAtTheFirst, "answer 2 of 23 has boxes that are up to"),
    Mutant("batch-equals-singles", AnswersBackwards, "answer 1 of 23 has boxes that are up to"),
    Mutant("batch-equals-singles", FollowsCallsInsteadOfFrames, "has other labels, tracks or data"),
    Mutant(
        "order-does-not-matter", RemembersInSecret, "backwards, and those of another source in between, it answered"
    ),
    Mutant("order-does-not-matter", KeepsAnswersByNumber, "boxes that are up to"),
    Mutant("order-does-not-matter", LooksAtTwoOfThree, "objects instead of"),
    Mutant(
        "batch-of-different-sizes", StacksWholePictures, "given 3 pictures of different sizes at once, detect raised"
    ),
    Mutant("declares-its-input", SizeInAList, "its input_size is [32, 24], neither None nor"),
    Mutant("declares-its-input", SizeOfFractions, "its input_size is (32.0, 24.0)"),
    Mutant("declares-its-input", BatchesOfNone, "its batch_size is 0"),
    Mutant("labels-are-named", LabelsWithoutComma, "its labels are 'spot', no tuple"),
    Mutant("labels-are-named", LabelsWithLineEnds, r"the label 'spot\n' has the character '\n'"),
    Mutant("labels-are-named", LabelsTwice, "the label 'spot' is there 2 times"),
    Mutant("labels-are-named", LabelWithoutName, "the label '' is empty"),
    Mutant("labels-are-named", LabelsGrow, "and after some frames ('spot', 'blob')"),
    Mutant("labels-point-to-names", CountsFromOne, "in frame 1 it found the label 1, and has names for 0..0"),
    Mutant("tracks-are-stateful", NumbersAsTracks, "in frame 1 it gave tracks"),
    Mutant("tracks-are-distinct", UnconfirmedTracks, "in frame 1 2 objects have the track -1"),
    Mutant("survives-a-change-of-size", SubtractsTheFirst, "on a frame of 640 x 360 after 320 x 240, detect raised"),
    Mutant("survives-gaps", ListsByNumber, "on frame number 1500 at 60 s, detect raised IndexError"),
    Mutant("awkward-frames", NeedsContrast, "on a frame of one pixel (and"),
    Mutant("awkward-frames", CutsOffTheEdge, "on a frame of one pixel (and 2 more), detect raised ValueError"),
    Mutant("awkward-frames", BoxesOfWideLenses, "on a frame of one row (and 1 more), detect failed"),
]
