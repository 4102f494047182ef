"""Whether answers are the same, and in what they differ, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from instantreact_sdk.testing.conformance.check import CheckFailed
from instantreact_sdk.types import Detections, Frame

TOLERANCE = 1e-3
"""How far two answers may be apart that ought to be the same: sums in another order are rounded otherwise."""

_STRAYS = 0.02  # of all objects; rounding carries some over a threshold, and then they are in one answer only


def must_agree(wanted: Sequence[Any], got: Sequence[Any], how: str, tolerance: float = TOLERANCE) -> None:
    """See that two passes gave the same.

    Args:
        wanted: The answers that are taken for right.
        got: Those that are compared with them.
        how: How the others came about, "an instance that was opened again".
        tolerance: For boxes, scores, confidences and times; 0 asks for the same bits.

    Raises:
        CheckFailed: They differ.
    """
    differs = difference(wanted, got, tolerance)
    if differs:
        raise CheckFailed(f"{how} answered otherwise: {differs}")


def difference(wanted: Sequence[Any], got: Sequence[Any], tolerance: float = 0.0) -> str:
    """In what answers differ, of the first that does; empty where they are the same.

    Objects are paired by their label, place and score, not by their order; with a tolerance one in fifty may be in one of the
    answers only.
    """
    if len(wanted) != len(got):
        return f"{len(got)} answers instead of {len(wanted)}"
    if tolerance and all(isinstance(one, Detections) for one in (*wanted, *got)):
        return _strays_differ(wanted, got, tolerance)
    pairs = enumerate(zip(wanted, got, strict=True), 1)
    return next((_of(number, got, found) for number, pair in pairs if (found := _differs(*pair, tolerance))), "")


def _of(number: int, answers: Sequence[Any], found: str) -> str:
    return f"answer {number} of {len(answers)} has {found}"


def _strays_differ(wanted: Sequence[Detections], got: Sequence[Detections], tolerance: float) -> str:
    strays = [_strays(*pair, tolerance) for pair in zip(wanted, got, strict=True)]
    if sum(strays) <= _STRAYS * sum(map(len, (*wanted, *got))):
        return ""
    place = next(place for place, number in enumerate(strays) if number)
    return _of(place + 1, got, _objects(wanted[place], got[place]))


def _differs(one: Any, other: Any, tolerance: float) -> str:
    if type(one) is not type(other):
        return f"a {type(other).__name__} instead of a {type(one).__name__}"
    if isinstance(one, Detections):
        return _bits(one, other)
    if isinstance(one, Frame):
        return _pictures(one, other)
    mine, its = _parts(one), _parts(other)
    if len(mine) != len(its):
        return f"{len(its)} entries instead of {len(mine)}"
    for (name, part), (_, its_part) in zip(mine, its, strict=True):
        found = _differs(part, its_part, tolerance)
        if found:
            return f"{name} {found}".strip()
    near = isinstance(one, float) and abs(one - other) <= tolerance
    return "" if mine or near or one == other else f"{other!r} instead of {one!r}"


def _parts(value: Any) -> list[tuple[str, Any]]:
    """What a value consists of, with names; nothing for a number or a text."""
    match value:
        case Mapping():
            return [("", sorted(value)), *sorted(value.items())]
        case list() | tuple():
            return [("", part) for part in value]
    return [(field.name, getattr(value, field.name)) for field in fields(value)] if is_dataclass(value) else []


def _bits(one: Detections, other: Detections) -> str:
    if len(one) != len(other):
        return _objects(one, other)
    mine, its = _arrays(one), _arrays(other)
    if sorted(mine) != sorted(its):
        return f"{', '.join(sorted(its))} instead of {', '.join(sorted(mine))}"
    for name, rows in mine.items():
        if rows.dtype != its[name].dtype or rows.shape != its[name].shape or rows.tobytes() != its[name].tobytes():
            return _objects(one, other) if name == "boxes" else f"other {name}"
    return ""


def _objects(one: Detections, other: Detections) -> str:
    """What is seen of two answers whose objects differ."""
    if len(one) != len(other):
        return f"{len(other)} objects instead of {len(one)}"
    boxes, scores = (float(np.abs(a - b).max()) for a, b in ((one.boxes, other.boxes), (one.scores, other.scores)))
    if max(boxes, scores):
        return f"boxes that are up to {boxes:.2g} and scores that are up to {scores:.2g} apart"
    return "other labels, tracks or data"


def _arrays(one: Detections) -> dict[str, Any]:
    own = {"boxes": one.boxes, "scores": one.scores, "labels": one.labels}
    return {**own, **({} if one.tracks is None else {"tracks": one.tracks}), **one.data}


def _strays(one: Detections, other: Detections, tolerance: float) -> int:
    """How many objects are in one of the answers only."""
    if not _bits(one, other):
        return 0
    if _arrays(one).keys() != _arrays(other).keys() and len(one) and len(other):
        return len(one) + len(other)
    alone = sum(not _has(other, one, row, tolerance) for row in range(len(one)))
    alone += sum(not _has(one, other, row, tolerance) for row in range(len(other)))
    return max(alone, abs(len(one) - len(other)))


def _has(answer: Detections, other: Detections, row: int, tolerance: float) -> bool:
    same = answer.labels == other.labels[row]
    if answer.tracks is not None and other.tracks is not None:
        same &= answer.tracks == other.tracks[row]
    same &= np.abs(answer.scores - other.scores[row]) <= tolerance
    return bool((same & (np.abs(answer.boxes - other.boxes[row]) <= tolerance).all(axis=1)).any())


def _pictures(one: Frame, other: Frame) -> str:
    for name in ("time", "index", "width", "height"):
        if getattr(one, name) != getattr(other, name):
            return f"{name} {getattr(other, name):.10g} instead of {getattr(one, name):.10g}"
    return "" if np.array_equal(one.image, other.image) else "other pixels"
