"""The conditions on single captions, transcripts and sounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from instantreact_sdk.config.conditions import CaptionCondition, channel
from instantreact_sdk.rules.instant import Hit, Instant, Near, Node, Outcome, joined
from instantreact_sdk.rules.readings import Reading, ReadingCondition, reader
from instantreact_sdk.rules.timing import reached
from instantreact_sdk.rules.wording import number, wording
from instantreact_sdk.types import Observation


@dataclass(frozen=True, slots=True)
class _Judged:
    """An observation, what was read in it, and what that is worth."""

    seen: Observation
    reading: Reading | None
    hit: Hit | None
    near: Near | None


@dataclass(frozen=True, slots=True)
class _MomentOutcome(Outcome):
    shown: _Judged | None

    def because(self) -> str:
        if self.shown is None or self.shown.reading is None:
            return "not found"
        reading, at = self.shown.reading, f"at {number(self.shown.seen.end)}"
        return f"{reading.what} {at}" + (f", score {number(reading.score)}" if reading.score >= 0 else "")


class MomentNode(Node):
    """Something said, heard or described; it counts at the end of the observation that it is in.

    Captions describe one clip after the other, so that a caption goes on being true until the next of the same captioner.
    The others are over at once.

    Args:
        asked: The condition.
        sources: The sources that it listens to.
    """

    def __init__(self, asked: ReadingCondition, sources: Sequence[str]) -> None:
        self._channel = channel(asked)
        super().__init__(wording(asked), [(source, self._channel) for source in sources])
        self._sources = tuple(sources)
        self._read = reader(asked)
        self._least = asked.min_score
        self._lasts = isinstance(asked, CaptionCondition)
        self._true: dict[tuple[str, str], bool] = {}

    def evaluate(self, now: Instant) -> Outcome:
        """Read what ends at this instant."""
        judged = [
            self._judge(seen, source, now)
            for source in self._sources
            for seen in now.seen.get((source, self._channel), ())
        ]
        hits = [one.hit for one in judged if one.hit]
        nears = [one.near for one in judged if one.near]
        read = [one for one in judged if one.reading]
        hit = near = None
        if hits:
            start, evidence = joined(hits)
            hit = Hit(now.time, start, evidence, hits[0].source)
        elif nears:
            near = max(nears, key=lambda one: one.progress)
        if self._lasts:
            self._keep(judged, now)
        lasting = any(self._true.values())
        shown = next((one for one in read if one.hit), read[0] if read else None)
        return self._note(_MomentOutcome(self.condition, hit, lasting, near, (), shown))

    def _judge(self, seen: Observation, source: str, now: Instant) -> _Judged:
        readings = self._read(seen)
        if not readings:
            return _Judged(seen, None, None, None)
        zero, evidence = now.zeros[source], ((now.time, seen.id),)
        enough = [reading for reading in readings if reached(reading.score, self._least)]
        if enough:
            first = min(enough, key=lambda reading: reading.start)
            return _Judged(seen, first, Hit(now.time, first.start + zero, evidence, source), None)
        best = max(readings, key=lambda reading: reading.score)
        near = None
        if best.score >= self._least / 2:
            progress = best.score / self._least / 2
            near = Near(progress, best.start + zero, evidence, source, lasting=False)
        return _Judged(seen, best, None, near)

    def _keep(self, judged: Sequence[_Judged], now: Instant) -> None:
        """What captioners said last goes on, but not over a loss of the source."""
        self._true = {key: true for key, true in self._true.items() if key[0] not in now.broken}
        self._true.update({(one.seen.source, one.seen.by): False for one in judged})
        self._true.update({(one.seen.source, one.seen.by): True for one in judged if one.hit})
