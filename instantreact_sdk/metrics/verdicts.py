"""What becomes of each detection when it is held against what is really there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from instantreact_sdk.metrics.found import Found, match_up
from instantreact_sdk.metrics.overlap import nearest
from instantreact_sdk.types import Objects

Item = TypeVar("Item", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """All n detections in all images, surest first, and all m objects in the order of the images.

    Detections of equal score stand in the order in which they were given: image by image, then row by row.

    Attributes:
        images: int64 ``(n,)``: positions of the images in the sequence that was judged.
        labels: int64 ``(n,)``: positions in the list of classes.
        scores: float64 ``(n,)``, falling.
        boxes: float64 ``(n, 4)``, pixels.
        overlaps: float64 ``(n,)``: with the object of the same class in the image that is overlapped most.
        objects: int64 ``(n,)``: that object's position among all objects; -1 where none is overlapped.
        hits: bool ``(n,)``: the detections that count as right.
        ignored: bool ``(n,)``: neither right nor wrong, as they found a difficult object.
        asked: bool ``(m,)``: the objects that have to be found: all but difficult ones and crowds.
        asked_labels: int64 ``(m,)``: positions in the list of classes.
        min_overlap: The overlap that made a detection right.
    """

    images: NDArray[np.int64]
    labels: NDArray[np.int64]
    scores: NDArray[np.float64]
    boxes: NDArray[np.float64]
    overlaps: NDArray[np.float64]
    objects: NDArray[np.int64]
    hits: NDArray[np.bool_]
    ignored: NDArray[np.bool_]
    asked: NDArray[np.bool_]
    asked_labels: NDArray[np.int64]
    min_overlap: float

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """The detections that count as wrong: bool ``(n,)``."""
        return ~(self.hits | self.ignored)

    def missed(self, min_score: float) -> NDArray[np.bool_]:
        """The objects that have to be found, and are not by any detection of this score or a higher: bool ``(m,)``."""
        missed = self.asked.copy()
        missed[self.objects[self.hits & (self.scores >= min_score)]] = False
        return missed


def judge(truth: Sequence[Objects], found: Sequence[Found], classes: int, min_overlap: float = 0.5) -> Verdicts:
    """Say of each detection whether it is right, by the rules of Pascal VOC.

    As in Everingham et al. 2010 (The Pascal Visual Object Classes Challenge, IJCV 88), section 4.2, and VOCevaldet.m of
    its devkit: a detection belongs to the object of its class that it overlaps most, found already or not. It is right
    when the overlap is at least `min_overlap` and no surer detection was right about that object; it does not count
    when that object is difficult. Crowds, which VOC does not know, are treated as difficult.

    Args:
        truth: The objects of each image.
        found: The detections in each image, in the same order.
        classes: How many classes there are.
        min_overlap: Intersection over union, in 0..1.

    Raises:
        InstantReactError: IR4011, there are not as many `found` as `truth`, or a label is none of the classes.
    """
    match_up(truth, found, classes)
    labels = _joined((each.labels for each in found), np.zeros(0, np.int64))
    object_labels = _joined((each.labels for each in truth), np.zeros(0, np.int64))
    scores = _joined((each.scores for each in found), np.zeros(0))
    order = np.argsort(-scores, kind="stable")
    images = np.repeat(np.arange(len(found)), [len(each) for each in found])[order]
    boxes = _joined((each.boxes for each in found), np.zeros((0, 4)))[order]
    labels = labels[order]

    object_images = np.repeat(np.arange(len(truth)), [len(each) for each in truth])
    object_boxes = _joined((each.boxes for each in truth), np.zeros((0, 4)))
    asked = ~_joined((each.difficult | each.crowd for each in truth), np.zeros(0, bool))
    most, which = nearest(boxes, images * classes + labels, object_boxes, object_images * classes + object_labels)

    near = np.flatnonzero((which >= 0) & (most >= min_overlap))
    ignored = np.zeros(len(boxes), bool)
    ignored[near] = ~asked[which[near]]
    near = near[asked[which[near]]]
    hits = np.zeros(len(boxes), bool)
    hits[near[np.unique(which[near], return_index=True)[1]]] = True  # the first of each object is the surest
    return Verdicts(images, labels, scores[order], boxes, most, which, hits, ignored, asked, object_labels, min_overlap)


def _joined(parts: Iterable[NDArray[Item]], like: NDArray[Item]) -> NDArray[Item]:
    return np.concatenate([like, *parts])  # even of no images
