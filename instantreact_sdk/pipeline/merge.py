"""What all components saw, in the order of media time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from instantreact_sdk.config.conditions import Channel
from instantreact_sdk.types import Observation

FOREVER = float("inf")


@dataclass(slots=True)
class _Stream:
    """What one component sees in one source."""

    source: str
    by: str
    channel: Channel
    live: bool
    until: float = -1.0
    waiting: deque[Observation] = field(default_factory=deque)


class Merge:
    """Puts observations in order, and knows how far each channel of each source has been looked at.

    What is seen in files comes out sorted by end, source, channel, component and number once every component has
    passed that time, so that the order does not depend on who was faster. What is seen live comes out at once.
    """

    def __init__(self) -> None:
        self._streams: dict[tuple[str, str], _Stream] = {}
        self._aside: list[Observation] = []

    def join(self, source: str, by: str, channel: Channel, *, live: bool) -> None:
        """A component will watch a source."""
        self._streams[source, by] = _Stream(source, by, channel, live)

    def add(self, source: str, by: str, observations: tuple[Observation, ...], until: float) -> Channel | None:
        """What a component saw, and how far it has looked.

        Returns:
            The channel, or None where the component does not watch that source any more.
        """
        stream = self._streams.get((source, by))
        if stream is None:
            return None
        stream.waiting.extend(observations)
        stream.until = max(stream.until, until)
        return stream.channel

    def add_aside(self, observation: Observation) -> None:
        """What belongs to no channel: how a component that reads a file is doing."""
        self._aside.append(observation)

    def leave(self, by: str, source: str) -> Channel | None:
        """A component will not be called for that source again; nobody waits for it any more.

        Returns:
            The channel, or None where it did not watch that source.
        """
        stream = self._streams.get((source, by))
        if stream is None:
            return None
        stream.until = FOREVER
        return stream.channel

    def until(self, source: str, channel: Channel) -> float:
        """Everything that ends up to this time has been seen by all components of that channel of that source."""
        return min(
            (s.until for s in self._streams.values() if s.source == source and s.channel == channel), default=FOREVER
        )

    @property
    def files_until(self) -> float:
        """Everything in files up to this time has been seen by everybody."""
        return min((stream.until for stream in self._streams.values() if not stream.live), default=FOREVER)

    @property
    def complete(self) -> bool:
        """Whether everybody has looked at everything."""
        return all(stream.until == FOREVER for stream in self._streams.values())

    def finish(self, source: str) -> None:
        """Nobody waits for anything of that source any more."""
        for stream in self._streams.values():
            if stream.source == source:
                stream.until = FOREVER

    def ready(self) -> list[Observation]:
        """What is in order by now."""
        reached = self.files_until
        out: list[tuple[float, str, str, str, int, Observation]] = []
        for stream in self._streams.values():
            waiting = stream.waiting
            position = 0
            while waiting and (stream.live or waiting[0].end <= reached):
                seen = waiting.popleft()
                out.append((seen.end, stream.source, stream.channel, stream.by, position, seen))
                position += 1
        ripe = [seen for seen in self._aside if seen.end <= reached]
        self._aside = [seen for seen in self._aside if seen.end > reached]
        out += [(seen.end, seen.source, "health", seen.by, place, seen) for place, seen in enumerate(ripe)]
        out.sort(key=lambda each: each[:5])
        return [each[5] for each in out]
