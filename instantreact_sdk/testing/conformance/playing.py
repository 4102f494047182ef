"""Playing a source as the pipeline does: each picture is a call of its own, which somebody watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from instantreact_sdk.interfaces import FrameSource
from instantreact_sdk.testing.conformance.check import Misfit
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.types import AudioChunk, Frame, SourceInfo

Item = TypeVar("Item")

FRAMES = 24
"""How many frames of a source, and for a detector, are looked at."""

_LEAST = 3
_SECONDS = 5.0
_END: Any = object()


def informed(trial: Trial, source: FrameSource) -> SourceInfo:
    """What an open source says of itself.

    Raises:
        Misfit: It is something else.
    """
    with trial.calling("info"):
        info = source.info
    if not isinstance(info, SourceInfo):
        raise Misfit(f"info is a {type(info).__name__}, no SourceInfo")
    return info


def pictures(trial: Trial, source: FrameSource) -> Iterator[Frame]:
    """All frames of an open source.

    Raises:
        CheckFailed: It raised something.
    """
    return watched(trial, "frames", source.frames)


def sounds(trial: Trial, source: FrameSource, rate: int) -> Iterator[AudioChunk]:
    """All sound of an open source; anything that is no `AudioChunk` is a `Misfit`."""
    for chunk in watched(trial, "sound", lambda: source.sound(rate)):
        if not isinstance(chunk, AudioChunk):
            raise Misfit(f"sound gave a {type(chunk).__name__}, no AudioChunk")
        yield chunk


def first(items: Iterable[Item], most: int = FRAMES) -> Iterator[Item]:
    """At most so many of them; where they come slowly, as many as come in five seconds, and three at least."""
    until = time.monotonic() + _SECONDS
    for count, item in enumerate(items, 1):
        yield item
        if count >= most or (count >= _LEAST and time.monotonic() > until):
            return


def watched(trial: Trial, what: str, make: Callable[[], Iterable[Item]]) -> Iterator[Item]:
    """What a source gives, each item by a call of its own: all together may take longer than a call.

    Args:
        trial: Of the source.
        what: The method that is being called.
        make: Calls it.

    Raises:
        CheckFailed: It raised something.
    """
    with trial.calling(what):
        items = iter(make())
    while True:
        with trial.calling(what):
            item = next(items, _END)
        if item is _END:
            return
        yield item
