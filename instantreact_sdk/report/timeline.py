"""What was seen and heard, over media time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, TypeGuard

from instantreact_sdk.report.colours import colour_of
from instantreact_sdk.report.density import Density

_LANES = 32  # of one source; labels beyond are counted together
_SPANS = 1000  # of one lane; what comes later is not shown
_OTHER = "(other labels)"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with something to say about it; seconds since the source's ``open()``."""

    start: float
    end: float
    text: str


@dataclass(slots=True)
class Lane:
    """One row of the timeline: how much was seen of a label, or stretches with texts.

    Attributes:
        by: The component.
        label: What it saw; the kind of observation for stretches.
        density: For objects.
        spans: For captions, speech and sounds.
    """

    by: str
    label: str
    density: Density = field(default_factory=Density)
    spans: list[Span] = field(default_factory=list)

    @property
    def colour(self) -> str:
        """As in the pictures, ``#rrggbb``."""
        return "#{:02x}{:02x}{:02x}".format(*colour_of(self.label))


@dataclass(slots=True)
class Timeline:
    """All of one source.

    Attributes:
        source: Its name.
        seconds: Its length, as far as is known.
        lanes: What components saw, in the order of their names.
        events: When rules became true.
        near_misses: When they nearly did.
        health: What happened to its components.
    """

    source: str
    seconds: float = 0.0
    lanes: list[Lane] = field(default_factory=list)
    events: list[Span] = field(default_factory=list)
    near_misses: list[Span] = field(default_factory=list)
    health: list[Span] = field(default_factory=list)


class Timelines:
    """Gathers timelines, one a source, from lines of any number, in bounded memory.

    Args:
        sources: ``sources`` of ``summary.json``.
    """

    def __init__(self, sources: Mapping[str, Any]) -> None:
        self._timelines: dict[str, Timeline] = {}
        self._lanes: dict[tuple[str, str, str], Lane] = {}
        for name, facts in sources.items():
            self._reach(name, facts.get("seconds"))

    def see(self, lines: Iterable[Mapping[str, Any]]) -> None:
        """Takes in lines of ``observations.jsonl``; what is not as it should be is left out."""
        for line in lines:
            try:
                self._see(line)
            except (KeyError, TypeError, ValueError, AttributeError):
                continue

    def mark(self, kind: str, line: Mapping[str, Any], text: str) -> None:
        """Takes in one of ``events``, ``near_misses``, ``health`` with a `start` (or `time`) and perhaps an `end`."""
        source = str(line.get("source") or next(iter(self._timelines), ""))
        start = line.get("start", line.get("time"))
        timeline = self._reach(source, line.get("end", start))
        spans: list[Span] = getattr(timeline, kind)
        if _is_time(start) and len(spans) < _SPANS:
            end = line.get("end")
            spans.append(Span(start, end if _is_time(end) else start, text))

    def done(self) -> list[Timeline]:
        """The timelines of all sources, each with at least a second."""
        for (source, *_), lane in sorted(self._lanes.items()):
            self._timelines[source].lanes.append(lane)
        self._lanes.clear()
        for timeline in self._timelines.values():
            timeline.seconds = max(timeline.seconds, 1.0)
        return list(self._timelines.values())

    def _see(self, line: Mapping[str, Any]) -> None:
        source, by, kind, start, end, data = (line[key] for key in ("source", "by", "kind", "time", "end", "data"))
        self._reach(source, end)
        match kind:
            case "detections":
                counts: dict[str, int] = {}
                for label in data["labels"]:
                    counts[label] = counts.get(label, 0) + 1
                for label, count in counts.items():
                    self._lane(source, by, label).density.add(start, count)
            case "caption" | "transcript" | "sound":
                lane = self._lane(source, by, {"caption": "captions", "transcript": "speech", "sound": "sounds"}[kind])
                lane.density.add(start, 1)
                if len(lane.spans) < _SPANS:
                    lane.spans.append(Span(start, end, str(data.get("text", data.get("label")))))

    def _lane(self, source: str, by: str, label: str) -> Lane:
        lane = self._lanes.get((source, by, label))
        if lane is None:
            if sum(key[0] == source for key in self._lanes) >= _LANES:
                label = _OTHER
            lane = self._lanes.setdefault((source, by, label), Lane(by, label))
        return lane

    def _reach(self, source: str, time: Any) -> Timeline:
        timeline = self._timelines.setdefault(source, Timeline(source))
        if _is_time(time):
            timeline.seconds = max(timeline.seconds, time)
        return timeline


def _is_time(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and isfinite(value) and value >= 0
