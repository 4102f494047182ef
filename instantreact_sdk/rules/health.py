"""The condition on how components are doing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from instantreact_sdk.config.conditions import HealthCondition
from instantreact_sdk.rules.instant import Hit, Instant, Node, Outcome, joined
from instantreact_sdk.rules.presence import Input, Presence
from instantreact_sdk.rules.timing import reached
from instantreact_sdk.rules.wording import number, wording
from instantreact_sdk.types import Health, HealthKind, Observation

TROUBLES: frozenset[HealthKind] = frozenset({"offline", "frozen", "black", "silent"})
"""What goes on until ``online``; everything else happens and is over."""


@dataclass(slots=True)
class _Report:
    """What a component reported and has not taken back.

    `since` is when it began to count, on the rule's axis; `ripe` that it has been a hit.
    """

    observation: Observation
    place: Input
    since: float
    ripe: bool = False


@dataclass(frozen=True, slots=True)
class _HealthOutcome(Outcome):
    report: _Report | None

    def because(self) -> str:
        if self.report is None:
            return "not reported"
        seen = self.report.observation
        assert isinstance(seen.value, Health)
        detail = f": {seen.value.detail}" if seen.value.detail else ""
        return f"{seen.by} {seen.value.kind} at {number(seen.end)}{detail}"


class HealthNode(Node):
    """A report about a component, and for how long it was not taken back.

    Args:
        asked: The condition.
        sources: The sources whose components it is about.
    """

    def __init__(self, asked: HealthCondition, sources: Sequence[str]) -> None:
        super().__init__(wording(asked), [(source, "health") for source in sources], state=True)
        self._kind = asked.health
        self._length = asked.for_
        self._reports: dict[tuple[Input, str], list[_Report]] = {}

    def evaluate(self, now: Instant) -> Outcome:
        """Take what is reported at this instant, one after the other; then see what has gone on for long enough."""
        for place in self.inputs:
            for seen in now.seen.get(place, ()):
                self._take(seen, place, now.time)
        hits: list[Hit] = []
        shown: _Report | None = None
        for report in self._open():
            fresh = not report.ripe
            report.ripe = report.ripe or self._due(report, now)
            if report.ripe:
                shown = shown if hits else report
                start = report.observation.time + now.zeros[report.place[0]]
                evidence = ((report.since, report.observation.id),)
                hits.append(Hit(now.time, start, evidence, report.place[0], fresh))
            shown = shown or report
        if self._kind not in TROUBLES:
            self._drop_ripe()
        hit = None
        if hits:
            start, together = joined(hits)
            first = next((one for one in hits if one.fresh), hits[0])
            hit = Hit(now.time, start, together, first.source, first.fresh)
        lasting = bool(hits) and self._kind in TROUBLES
        return self._note(_HealthOutcome(self.condition, hit, lasting, None, (), shown))

    def timer(self, presence: Presence) -> float:
        """When the next report will have lasted for long enough, if health is still told then."""
        waiting = [report for report in self._open() if not report.ripe] if self._length else []
        times = [(report.since + self._length, presence.until(report.place)) for report in waiting]
        return min((time for time, until in times if reached(until, time)), default=math.inf)

    def _take(self, seen: Observation, place: Input, time: float) -> None:
        assert isinstance(seen.value, Health)
        kind, key = seen.value.kind, (place, seen.by)
        if kind == self._kind:
            reports = self._reports.setdefault(key, [])
            if not reports or kind not in TROUBLES:
                reports.append(_Report(seen, place, time))
        elif kind == "online" or (self._kind == "online" and kind in TROUBLES):
            gone = self._reports.pop(key, [])
            if any(report.ripe for report in gone):
                self.last_time = time

    def _due(self, report: _Report, now: Instant) -> bool:
        until = now.presence.until(report.place)
        return reached(now.time - report.since, self._length) and reached(until, report.since + self._length)

    def _open(self) -> list[_Report]:
        return [report for reports in self._reports.values() for report in reports]

    def _drop_ripe(self) -> None:
        kept = {key: [report for report in reports if not report.ripe] for key, reports in self._reports.items()}
        self._reports = {key: reports for key, reports in kept.items() if reports}
