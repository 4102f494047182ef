"""One rule on one source, or on all its sources together."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Mapping, Sequence

from instantreact_sdk.config.pipeline_file import Rule, Zone
from instantreact_sdk.rules.channels import tells_presence
from instantreact_sdk.rules.edge import Edge
from instantreact_sdk.rules.episode import Best, Episodes
from instantreact_sdk.rules.instant import Evidence, Instant
from instantreact_sdk.rules.presence import Input, Presence
from instantreact_sdk.rules.tree import grow
from instantreact_sdk.types import Event, Health, NearMiss, Observation

_Item = tuple[float, int, Input, Observation | bool]
"""When, a number to keep the order, of which input, and what: an observation, or that it begins (True) or ends (False)."""


class Instance:
    """Takes what is observed, in any order, and decides instant by instant as far as its inputs are complete.

    Args:
        name: The rule's name.
        rule: The rule.
        zones: All zones.
        sources: The sources that this instance watches.
    """

    def __init__(self, name: str, rule: Rule, zones: Mapping[str, Zone], sources: Sequence[str]) -> None:
        self._name = name
        self._across = rule.across
        self._root = grow(rule.when, sources, zones)
        self.inputs: frozenset[Input] = frozenset(self._root.inputs)
        self.sources = frozenset(source for source, _ in self.inputs)
        self._own = {source: [place for place in self.inputs if place[0] == source] for source in self.sources}
        self._zeros = dict.fromkeys(sources, 0.0)
        self._complete = dict.fromkeys(self._root.inputs, -math.inf)
        self._decided = -math.inf
        self._queue: list[_Item] = []
        self._count = itertools.count()
        self._presence = Presence()
        self._edge = Edge()
        self._episodes = Episodes()

    def begin(self, place: Input, time: float, zero: float) -> None:
        """Input is there from `time` on; `zero` is the UTC second of the source's time 0."""
        source = place[0]
        if self._across and not self._zeros[source]:
            self._zeros[source] = zero
        if place in self.inputs:
            self._put(time + self._zeros[source], place, True)

    def end(self, place: Input, time: float) -> None:
        """Input is over at `time`, and complete."""
        if place in self.inputs:
            self._put(time + self._zeros[place[0]], place, False)
            self._complete[place] = math.inf

    def observe(self, place: Input, observation: Observation) -> bool:
        """Keep an observation until it is its turn; False where its turn is over.

        That a source went offline or came back is told late rather than not at all.
        """
        time = observation.end + self._zeros[place[0]]
        if place not in self.inputs and all(self._complete[own] == math.inf for own in self._own[place[0]]):
            return True  # everything that it could concern is over
        punctual = time > self._decided
        if punctual or tells_presence(observation):
            self._put(time, place, observation)
        return punctual

    def advance(self, place: Input, until: float) -> list[Event | NearMiss]:
        """Everything of this input that ends until then has been observed; what follows from it."""
        if place in self.inputs:
            self._complete[place] = max(self._complete[place], until + self._zeros[place[0]])
        complete = min(self._complete.values())
        found: list[Event | NearMiss] = []
        while (time := self._next()) <= complete and time < math.inf:
            seen = self._take(time)
            if seen is not None:
                found += self._decide(time, seen)
        self._decided = max(self._decided, complete)
        if complete == math.inf and (best := self._episodes.close()):
            found.append(self._near_miss(best))
        return found

    def _put(self, time: float, place: Input, what: Observation | bool) -> None:
        late = math.nextafter(self._decided, math.inf)
        heapq.heappush(self._queue, (max(time, late), next(self._count), place, what))

    def _next(self) -> float:
        timer = self._root.timer(self._presence)
        if timer <= self._decided:  # a timer that could ring twice would stop the whole pipeline
            timer = math.inf
        return min(timer, self._queue[0][0]) if self._queue else timer

    def _decide(self, time: float, seen: Mapping[Input, Sequence[Observation]]) -> list[Event | NearMiss]:
        now = Instant(time, seen, self._note_health(seen, time), self._presence, self._zeros)
        outcome = self._root.evaluate(now)
        self._decided = time
        found: list[Event | NearMiss] = []
        if best := self._episodes.note(time, outcome):
            found.append(self._near_miss(best))
        hit = outcome.hit
        if hit is not None and not self._edge.goes_on(time):
            zero = self._zeros[hit.source]
            evidence = _names(hit.evidence)
            found.append(Event(self._name, hit.source, hit.start - zero, time - zero, evidence, outcome.trace()))
        if hit is None and now.broken and not outcome.lasting:
            self._edge.cut()
        else:
            self._edge.note(time, true=hit is not None, lasting=outcome.lasting)
        return found

    def _take(self, time: float) -> Mapping[Input, Sequence[Observation]] | None:
        """What is observed at an instant; None where it is none: that a source whose inputs are over was lost or is back."""
        seen: dict[Input, list[Observation]] = {}
        marked = False
        while self._queue and self._queue[0][0] == time:
            _, _, place, what = heapq.heappop(self._queue)
            if isinstance(what, Observation):
                if place in self.inputs or any(self._presence.until(own) >= time for own in self._own[place[0]]):
                    seen.setdefault(place, []).append(what)
                continue
            marked = True
            if what:
                self._presence.begin(place, time)
            else:
                self._presence.end(place, time)
        for observations in seen.values():
            if len(observations) > 1:
                # Numbers in ids grow, so that the shorter id of a component is the earlier one.
                observations.sort(key=lambda one: (one.time, len(one.id), one.id))
        return seen if seen or marked or self._root.timer(self._presence) <= time else None

    def _note_health(self, seen: Mapping[Input, Sequence[Observation]], time: float) -> frozenset[str]:
        broken = set()
        for (source, channel), observations in seen.items():
            if channel != "health":
                continue
            for one in observations:
                assert isinstance(one.value, Health)
                if one.value.kind == "offline":
                    self._presence.offline(source, one.by)
                    broken.add(source)
                elif one.value.kind == "online":
                    self._presence.online(source, one.by, time)
        return frozenset(broken)

    def _near_miss(self, best: Best) -> NearMiss:
        zero = self._zeros[best.near.source]
        evidence = _names(best.near.evidence)
        trace = best.outcome.trace()
        return NearMiss(self._name, best.near.source, best.near.start - zero, best.time - zero, evidence, trace)


def _names(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, name in evidence))
