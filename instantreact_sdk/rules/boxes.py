"""Which boxes of a frame a condition is about, and which only nearly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from instantreact_sdk.config.conditions import ANYTHING, LabelCondition
from instantreact_sdk.config.pipeline_file import Zone
from instantreact_sdk.rules.timing import reached
from instantreact_sdk.rules.zones import inside
from instantreact_sdk.types import Detections, Observation

Track = tuple[str, int]
"""The detector that follows an object, and the object's number there."""


@dataclass(slots=True)
class Heap:
    """Boxes of one kind: how many, the best of their scores, and the observations that they are in."""

    count: int = 0
    best: float = 0.0
    ids: tuple[str, ...] = ()

    def add(self, score: float, name: str) -> None:
        """One box more."""
        self.count += 1
        self.best = max(self.best, score)
        if name not in self.ids:
            self.ids += (name,)


@dataclass(slots=True)
class Found:
    """The boxes of one frame.

    Attributes:
        matching: Those with the label, the score, and inside the zone; each track counts once.
        loose: Those of them without a track.
        tracks: The tracks of the others, with the observations that they are in.
        weak: Inside the zone, with at least half the score asked for.
        outside: With the score, outside the zone.
    """

    matching: Heap = field(default_factory=Heap)
    loose: Heap = field(default_factory=Heap)
    tracks: dict[Track, str] = field(default_factory=dict)
    weak: Heap = field(default_factory=Heap)
    outside: Heap = field(default_factory=Heap)


class Sieve:
    """Sorts the boxes of frames.

    Plain loops: for the few boxes of a frame they are faster than arrays.

    Args:
        asked: The condition.
        zone: Its zone.
    """

    def __init__(self, asked: LabelCondition, zone: Zone | None) -> None:
        self._asked = asked
        self._zone = zone.polygon if zone else None
        self._wanted: dict[tuple[str, ...], frozenset[int]] = {}

    def sort(self, seen: Sequence[Observation]) -> Found:
        """Sort what all detectors found in one frame."""
        found = Found()
        least = self._asked.min_score
        for observation in seen:
            value = observation.value
            assert isinstance(value, Detections)
            if not len(value):
                continue
            wanted = self._positions(observation.names)
            rows = [row for row, label in enumerate(value.labels.tolist()) if label in wanted]
            if not rows:
                continue
            scores = value.scores.tolist()
            boxes = value.boxes.tolist() if self._zone else []
            tracks = value.tracks.tolist() if value.tracks is not None and self._asked.for_ else None
            for row in rows:
                score = scores[row]
                within = self._zone is None or _stands_in(boxes[row], self._zone)
                if not reached(score, least):
                    if within and score >= least / 2:
                        found.weak.add(score, observation.id)
                elif not within:
                    found.outside.add(score, observation.id)
                elif tracks is None:
                    found.matching.add(score, observation.id)
                    found.loose.add(score, observation.id)
                elif (track := (observation.by, tracks[row])) not in found.tracks:
                    found.matching.add(score, observation.id)
                    found.tracks[track] = observation.id
        return found

    def _positions(self, names: tuple[str, ...]) -> frozenset[int]:
        wanted = self._wanted.get(names)
        if wanted is None:
            asked = self._asked.label
            wanted = frozenset(i for i, name in enumerate(names) if name in asked or ANYTHING in asked)
            self._wanted[names] = wanted
        return wanted


def _stands_in(box: Sequence[float], polygon: Sequence[tuple[float, float]]) -> bool:
    return inside((box[0] + box[2]) / 2, box[3], polygon)
