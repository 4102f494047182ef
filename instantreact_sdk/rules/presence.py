"""When the input of a rule was there to be looked at."""

from __future__ import annotations

import math
from collections.abc import Iterable

from instantreact_sdk.config.conditions import Channel

Input = tuple[str, Channel]
"""A source's name and one of its channels."""


class Presence:
    """Which inputs are there, since when, and until when; as of the instant that a rule has got to."""

    def __init__(self) -> None:
        self._begun: dict[Input, float] = {}
        self._ended: dict[Input, float] = {}
        self._offline: dict[str, set[str]] = {}
        self._back: dict[str, float] = {}

    def begin(self, place: Input, time: float) -> None:
        """The input is there from `time` on."""
        self._begun[place] = time
        self._ended.pop(place, None)

    def end(self, place: Input, time: float) -> None:
        """The input is there up to and including `time`."""
        self._ended[place] = time

    def offline(self, source: str, by: str) -> None:
        """A component of the source reports that it lost it."""
        self._offline.setdefault(source, set()).add(by)

    def online(self, source: str, by: str, time: float) -> None:
        """That component has the source again."""
        lost = self._offline.get(source)
        if lost and by in lost:
            lost.remove(by)
            self._back[source] = time

    def until(self, place: Input) -> float:
        """When the input ends, as far as is known."""
        return self._ended.get(place, math.inf)

    def stretch(self, places: Iterable[Input]) -> tuple[float, float] | None:
        """Since when, and until when, all of these inputs are there without a break; None where one is missing.

        Being offline concerns what is seen and heard; health goes on being told.
        """
        since, until = -math.inf, math.inf
        for place in places:
            source, channel = place
            if place not in self._begun:
                return None
            since = max(since, self._begun[place])
            until = min(until, self.until(place))
            if channel != "health":
                if self._offline.get(source):
                    return None
                since = max(since, self._back.get(source, -math.inf))
        return since, until
