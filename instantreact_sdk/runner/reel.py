"""The last pictures of a source, and what is cut out of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from instantreact_sdk.report.clips import Picture
from instantreact_sdk.types import Event

AROUND = 5.0
"""Seconds before an event begins, and after it ends."""
LONGEST = 60.0
"""Seconds of a clip; of an event that lasts longer it shows the first part that is remembered."""

_MOST_BYTES = 64_000_000  # a minute of 10 pictures a second takes so much where they are full of small things


@dataclass(slots=True)
class Cut:
    """What is to be seen of an event.

    Attributes:
        event: The event.
        until: Where it ends, seconds since the source's ``open()``.
        pictures: In time order; none where none is remembered.
    """

    event: Event
    until: float
    pictures: list[Picture] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes of its pictures."""
        return sum(len(picture.jpeg) for picture in self.pictures)


class Reel:
    """Remembers the last pictures of one source, as far as 64 MB reach. Each method gives the cuts that it completes.

    Args:
        reach: Seconds that are remembered.
    """

    def __init__(self, reach: float) -> None:
        self._reach = reach
        self._pictures: deque[Picture] = deque()
        self._size = 0
        self._open: list[Cut] = []
        self._passed = 0.0

    def add(self, picture: Picture) -> list[Cut]:
        """The next picture."""
        self._pictures.append(picture)
        self._size += len(picture.jpeg)
        while self._size > _MOST_BYTES or picture.time - self._pictures[0].time > self._reach:
            self._size -= len(self._pictures.popleft().jpeg)
        for cut in self._open:
            if picture.time <= cut.until:
                cut.pictures.append(picture)
        return self.passed(picture.time)

    def begin(self, event: Event) -> list[Cut]:
        """An event is to be cut out, from 5 s before it begins to 5 s after it ends."""
        start = event.start - AROUND
        if self._pictures:
            start = max(start, self._pictures[0].time)
        cut = Cut(event, min(event.end + AROUND, start + LONGEST))
        cut.pictures += [picture for picture in self._pictures if start <= picture.time <= cut.until]
        self._open.append(cut)
        return self.passed(self._passed)

    def passed(self, time: float) -> list[Cut]:
        """No picture of this time or before will come any more."""
        self._passed = max(time, self._passed)
        complete = [cut for cut in self._open if cut.until <= self._passed]
        self._open = [cut for cut in self._open if cut.until > self._passed]
        return complete

    def end(self) -> list[Cut]:
        """No picture will come any more at all."""
        return self.passed(float("inf"))
