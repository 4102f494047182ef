"""VOC's rules as its paper and devkit tell them: loops over boxes that name their first and last pixel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Thing(NamedTuple):
    box: tuple[int, int, int, int]
    label: int
    difficult: bool


class Sighting(NamedTuple):
    box: tuple[int, int, int, int]
    label: int
    score: float


def overlap(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0]) + 1
    height = min(one[3], other[3]) - max(one[1], other[1]) + 1
    if width <= 0 or height <= 0:
        return 0.0
    areas = sum((box[2] - box[0] + 1) * (box[3] - box[1] + 1) for box in (one, other))
    return width * height / (areas - width * height)


def hits(
    truth: Sequence[Sequence[Thing]], found: Sequence[Sequence[Sighting]], label: int, min_overlap: float
) -> tuple[list[bool], int]:
    """Of a class, the detections that count, the surest first, and how many objects there are to find."""
    sightings = [(image, each) for image, all_ in enumerate(found) for each in all_ if each.label == label]
    sightings.sort(key=lambda sighting: -sighting[1].score)
    taken: set[tuple[int, int]] = set()
    right = []
    for image, sighting in sightings:
        most, at = 0.0, -1
        for row, thing in enumerate(truth[image]):
            if thing.label == label and overlap(sighting.box, thing.box) > most:
                most, at = overlap(sighting.box, thing.box), row
        if at >= 0 and most >= min_overlap:
            if not truth[image][at].difficult:
                right.append((image, at) not in taken)
                taken.add((image, at))
        else:
            right.append(False)
    return right, sum(thing.label == label and not thing.difficult for things in truth for thing in things)


def average_precisions(right: Sequence[bool], objects: int) -> tuple[float, float]:
    """Over all points, and over eleven."""
    recall = [sum(right[: n + 1]) / objects for n in range(len(right))]
    precision = [sum(right[: n + 1]) / (n + 1) for n in range(len(right))]
    area = 0.0
    for n, hit in enumerate(right):
        if hit:
            area += max(precision[n:]) / objects
    eleven = [max((p for p, r in zip(precision, recall, strict=True) if r >= 0.1 * k), default=0.0) for k in range(11)]
    return area, sum(eleven) / 11
