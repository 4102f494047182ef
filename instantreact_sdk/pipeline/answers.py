"""Whether a component gave what its interface asks for."""

from __future__ import annotations

from collections.abc import Sequence

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Detector
from instantreact_sdk.pipeline.guard import Who
from instantreact_sdk.types import Detections


def refused(who: Who, call: str, problem: str) -> InstantReactError:
    """The error (IR4004) of a component that gave what its interface does not allow."""
    return InstantReactError("IR4004", component=who.name, problem=problem, call=call, plugin=who.plugin)


def must_be(who: Who, call: str, found: object, asked: int | None, things: str, *kinds: type) -> None:
    """See that a call gave `asked` results for so many `things` (any number for None), each of one of the kinds.

    Raises:
        InstantReactError: IR4004, it did not.
    """
    if not isinstance(found, Sequence) or (asked is not None and len(found) != asked):
        what = f"{len(found)} results" if isinstance(found, Sequence) else f"a {type(found).__name__}"
        raise refused(who, call, what if asked is None else f"{what} for {asked} {things}")
    for each in found:
        if type(each) not in kinds:  # a subclass could say one thing and be another
            wanted = " or ".join(kind.__name__ for kind in kinds)
            raise refused(who, call, f"a {type(each).__name__} instead of {wanted}")


def positive(who: Who, name: str, value: object) -> int:
    """What a component declares as a number of things.

    Raises:
        InstantReactError: IR4004, it is no whole number from 1 on.
    """
    if not isinstance(value, int) or value < 1:
        raise refused(who, name, f"{value!r}, which is no whole number from 1 on,")
    return value


def names_of(who: Who, detector: Detector) -> tuple[str, ...]:
    """What an open detector can find.

    Raises:
        InstantReactError: IR4004, it is no tuple of names.
    """
    names = detector.labels
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise refused(who, "labels", f"{names!r} instead of a tuple of names, as ('person',),")
    return tuple(names)


def must_be_detections(who: Who, found: object, frames: int, names: Sequence[str]) -> None:
    """See that a detector gave detections for so many frames, each with labels that it has.

    Raises:
        InstantReactError: IR4004, it did not.
    """
    must_be(who, "detect", found, frames, "frames", Detections)
    assert isinstance(found, Sequence)
    for each in found:
        if len(each) and not 0 <= each.labels.min() <= each.labels.max() < len(names):
            raise refused(who, "detect", f"a label outside its {len(names)} labels")
