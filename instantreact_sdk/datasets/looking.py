"""One look into one picture and its annotation: all that can be found without knowing the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

from instantreact_sdk.datasets.annotation import Annotation, Labelled, shown
from instantreact_sdk.datasets.dataset import Sample
from instantreact_sdk.datasets.kinds import Problem
from instantreact_sdk.datasets.likeness import Print, print_of
from instantreact_sdk.datasets.pictures import opened, orientation, there, turned, upright
from instantreact_sdk.errors import InstantReactError

_ROUNDING = 0.5
"""Pixels by which an edge may lie outside: it is rounding, and rounds to the edge of the picture."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a picture is once it was decoded.

    Attributes:
        size: Width and height as it is stored, in pixels.
        orientation: Of EXIF: 1 to 8, 1 is upright.
        print: What it is recognized by.
    """

    size: tuple[int, int]
    orientation: int
    print: Print

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height once it is upright."""
        return turned(self.size, self.orientation)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found.

    Attributes:
        sample: At what.
        seen: The picture; None where it cannot be read.
        annotation: What is said about it; None where that cannot be read.
        problems: What is wrong.
    """

    sample: Sample
    seen: Seen | None
    annotation: Annotation | None
    problems: tuple[Problem, ...]


def look_at(samples: Sequence[Sample], known: Collection[str] | None) -> Iterator[Look]:
    """Look at each sample, decoding its picture, at several at once; in their order.

    Args:
        samples: At what.
        known: Names of the classes; None where every name is one.
    """
    with ThreadPoolExecutor(cpu_count()) as pool:
        yield from pool.map(lambda sample: _look(sample, known), samples)


def _look(sample: Sample, known: Collection[str] | None) -> Look:
    problems: list[Problem] = []
    seen = annotation = None
    try:
        annotation = sample.annotation()
    except InstantReactError as error:
        if error.code != "IR7004":
            problems.append(_unreadable("unreadable-annotation", error))
    try:
        if there(sample.path):  # what is not is told by the form, which knows who names it
            seen = _seen(sample)
    except InstantReactError as error:
        problems.append(_unreadable("unreadable-picture", error))
    if annotation:
        problems += _of_objects(annotation, known)
    if annotation and seen:
        problems += _of_sizes(sample, annotation, seen)
    return Look(sample, seen, annotation, tuple(problems))


def _unreadable(kind: str, error: InstantReactError) -> Problem:
    if error.code == "IR6001":
        raise error
    return Problem(kind, error.facts["path"], "", str(error.facts["problem"]))


def _seen(sample: Sample) -> Seen:
    with opened(sample.path) as picture:
        size, turn = picture.size, orientation(picture)
        return Seen(size, turn, print_of(upright(picture)))


def _of_objects(annotation: Annotation, known: Collection[str] | None) -> Iterator[Problem]:
    if not annotation.objects:
        yield Problem("no-objects", annotation.path, "", "it has none")
    for item in annotation.objects:
        for kind, detail in item.quirks.items():
            yield Problem(kind, annotation.path, item.place, detail)
        if known is not None and item.name not in known and "unknown-class" not in item.quirks:
            yield Problem("unknown-class", annotation.path, item.place, f"{item.name!r} is in no list of classes")
        if item.difficult is None:
            yield Problem("missing-difficult", annotation.path, item.place, "it has no <difficult>")


def _of_sizes(sample: Sample, annotation: Annotation, seen: Seen) -> Iterator[Problem]:
    real, said = seen.upright, annotation.size
    if said == real:
        if seen.orientation != 1 and real == seen.size:
            yield Problem(
                "unsure-turn", sample.path, "", f"EXIF orientation {seen.orientation}, the same size each way"
            )
    elif said == seen.size:
        detail = f"{said[0]} x {said[1]} before EXIF orientation {seen.orientation}, and {real[0]} x {real[1]} upright"
        yield Problem("turned-boxes", annotation.path, "", detail)
        real = seen.size
    else:
        words = "no size" if said is None else f"{said[0]} x {said[1]}"
        yield Problem("size-mismatch", annotation.path, "", f"{words}, and the picture is {real[0]} x {real[1]}")
        real = said or real
    for item in annotation.objects:
        if outside(item, real):
            detail = f"{shown(item.box)} in {real[0]} x {real[1]}"
            yield Problem("outside-box", annotation.path, item.place, detail)


def outside(item: Labelled, size: tuple[int, int]) -> bool:
    """Whether a box reaches out of a picture of this width and height by more than rounding."""
    x_min, y_min, x_max, y_max = item.box
    low, (width, height) = -_ROUNDING, size
    return min(x_min, y_min) < low or x_max - width > _ROUNDING or y_max - height > _ROUNDING
