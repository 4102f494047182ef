"""The condition on objects in frames: which, how many, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from instantreact_sdk.config.conditions import LabelCondition
from instantreact_sdk.config.pipeline_file import Zone
from instantreact_sdk.rules.boxes import Found, Sieve, Track
from instantreact_sdk.rules.instant import Evidence, Hit, Instant, Near, Node, Outcome, joined
from instantreact_sdk.rules.runs import Frame, Run
from instantreact_sdk.rules.wording import number, wording
from instantreact_sdk.types import Observation


@dataclass(frozen=True, slots=True)
class _Sight:
    """What one frame of one source came to, in the source's own seconds.

    `held` is how long the nearest way to a hit has lasted, `frames` are what shows it.
    """

    time: float
    found: Found
    hit: bool
    progress: float
    held: float
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class _LabelOutcome(Outcome):
    asked: LabelCondition
    sight: _Sight | None

    def because(self) -> str:
        if self.sight is None:
            return "no frame to look at"
        found, at = self.sight.found, f"at {number(self.sight.time)}"
        if found.matching.count:
            return f"{self._matching(self.sight, at)}, best score {number(found.matching.best)}"
        if found.weak.count:
            return f"best score {number(found.weak.best)} {at}"
        if found.outside.count:
            return f"{found.outside.count} outside {self.asked.zone} {at}"
        return f"none {at}"

    def _matching(self, sight: _Sight, at: str) -> str:
        asked, count = self.asked, sight.found.matching.count
        if count < asked.count:
            return f"{count} instead of {asked.count} {at}"
        if not asked.for_:
            return f"{count} {at}"
        missing = "" if sight.hit else f" of the {number(asked.for_)} s asked for"
        return f"held {number(sight.held)} s{missing} ({number(sight.time - sight.held)} to {number(sight.time)})"


class LabelNode(Node):
    """Objects of detectors; frames of several sources are judged each for itself.

    Args:
        asked: The condition.
        sources: The sources whose frames it looks at.
        zone: The condition's zone.
    """

    def __init__(self, asked: LabelCondition, sources: Sequence[str], zone: Zone | None) -> None:
        super().__init__(wording(asked), [(source, "picture") for source in sources])
        self._asked = asked
        self._watches = {source: _Watch(asked, zone) for source in sources}

    def evaluate(self, now: Instant) -> Outcome:
        """Look at the frames of this instant; without any, what the last ones came to goes on."""
        looked = []
        for source, watch in self._watches.items():
            if source in now.broken:
                watch.forget()
            seen = now.seen.get((source, "picture"))
            if seen:
                watch.look(seen)
                looked.append(source)
        sights = {source: watch.sight for source, watch in self._watches.items() if watch.sight}
        hits = [_hit(sights[source], source, now) for source in looked if sights[source].hit]
        hit = None
        if hits:
            start, evidence = joined(hits)
            hit = hits[0] if len(hits) == 1 else Hit(now.time, start, evidence, hits[0].source)
            shown = hits[0].source
        else:
            shown = max(sights, key=lambda source: (not sights[source].hit, sights[source].progress), default="")
        sight = sights.get(shown)
        near = None if sight is None or sight.hit or not sight.progress else _near(sight, shown, now)
        lasting = any(sight.hit for sight in sights.values())
        return self._note(_LabelOutcome(self.condition, hit, lasting, near, (), self._asked, sight))


class _Watch:
    """The condition on the frames of one source."""

    def __init__(self, asked: LabelCondition, zone: Zone | None) -> None:
        self.sight: _Sight | None = None
        self._asked = asked
        self._sieve = Sieve(asked, zone)
        self._run = Run(asked.for_)
        self._tracks: dict[Track, Run] = {}
        self._before = -1.0

    def forget(self) -> None:
        """The source went offline: nothing goes on."""
        self.sight = None
        self._run = Run(self._asked.for_)
        self._tracks.clear()

    def look(self, seen: Sequence[Observation]) -> None:
        """Judge a frame by what all detectors found in it."""
        asked, time = self._asked, seen[0].end
        found = self._sieve.sort(seen)
        enough = found.matching.count >= asked.count
        if asked.for_:
            self._follow(time, found)
            held, runs = self._longest(found)
        else:
            held, runs = 0.0, []
        hit = enough and (not asked.for_ or (bool(runs) and all(run.full for run in runs)))
        frames: tuple[Frame, ...] = tuple(frame for run in runs for frame in run.ends)
        if not frames:
            heap = found.matching if found.matching.count else found.weak if found.weak.count else found.outside
            frames = ((time, heap.ids),)
        self.sight = _Sight(time, found, hit, _progress(asked, found, held), held, frames)
        self._before = time

    def _follow(self, time: float, found: Found) -> None:
        if found.loose.count >= self._asked.count:
            self._run.add((time, found.loose.ids), self._before)
        over = [track for track, run in self._tracks.items() if not run.goes_on(time, self._before)]
        for track in over:
            del self._tracks[track]
        for track, name in found.tracks.items():
            self._tracks.setdefault(track, Run(self._asked.for_)).add((time, (name,)), self._before)

    def _longest(self, found: Found) -> tuple[float, list[Run]]:
        """How long it has held, and the runs that show it.

        Boxes without tracks count by frames with enough of them. Of tracks, as many as are asked for have to last, each
        for itself.
        """
        count = self._asked.count
        ways: list[tuple[float, list[Run]]] = [(0.0, [])]
        if found.loose.count >= count:
            ways.append((self._run.held, [self._run]))
        tracks = sorted((self._tracks[track] for track in found.tracks), key=lambda run: -run.held)
        if len(tracks) >= count:
            full = [run for run in tracks if run.full]
            ways.append((tracks[count - 1].held, full if len(full) >= count else tracks[:count]))
        return max(reversed(ways), key=lambda way: way[0])


def _progress(asked: LabelCondition, found: Found, held: float) -> float:
    """In 0..1: time is missing, objects are missing, score is missing, or the place is another."""
    if found.matching.count >= asked.count:
        return 0.5 + (held / asked.for_ / 2 if asked.for_ else 0.5)
    if found.matching.count:
        return 0.25 + found.matching.count / asked.count / 4
    if found.weak.count:
        return found.weak.best / asked.min_score / 4
    return 0.1 if found.outside.count else 0.0


def _evidence(sight: _Sight, zero: float) -> tuple[Evidence, ...]:
    return tuple(sorted({(time + zero, name) for time, names in sight.frames for name in names}))


def _hit(sight: _Sight, source: str, now: Instant) -> Hit:
    evidence = _evidence(sight, now.zeros[source])
    return Hit(now.time, evidence[0][0], evidence, source)


def _near(sight: _Sight, source: str, now: Instant) -> Near:
    evidence = _evidence(sight, now.zeros[source])
    return Near(sight.progress, evidence[0][0], evidence, source, lasting=True)
