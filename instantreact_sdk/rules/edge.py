"""When something goes on, and when it begins anew."""

from __future__ import annotations

import math

from instantreact_sdk.rules.timing import forgiven


class Edge:
    """Something that is true at some instants; it goes on over gaps that are forgiven, and while it lasts.

    To last means: it was true at the latest look, and what makes it so is looked at only now and then (frames, captions) or
    is a state (health, nothing seen). Words, speech, intents and sounds are over when they are over.
    """

    def __init__(self) -> None:
        self._last = -math.inf
        self._lasting = False

    def goes_on(self, time: float) -> bool:
        """Whether being true at `time` continues what was before."""
        return self._lasting or forgiven(time - self._last)

    def note(self, time: float, *, true: bool, lasting: bool) -> None:
        """How it is at `time`: true, and going to stay so until the next look."""
        if true:
            self._last = time
        self._lasting = lasting

    def cut(self) -> None:
        """Whatever was, is over."""
        self._last = -math.inf
        self._lasting = False
