"""Frames through a detector."""

from __future__ import annotations

from collections.abc import Sequence

from instantreact_sdk.interfaces import Detector
from instantreact_sdk.pipeline.answers import must_be_detections, names_of, positive
from instantreact_sdk.pipeline.lane import MOMENT, Floor, Lane, Member
from instantreact_sdk.types import Frame, Observation

Frames = tuple[Frame, ...]


class DetectorLane(Lane[Detector, Frames]):
    """Batches the frames of one source by their number, so that results do not depend on how full the queue was.

    Args:
        member: The detector.
        floor: What the run shares.
        room: Items that wait for each source.

    Attributes:
        names: What it can find, once it is open.
        batch_size: How many frames it is given at once, once it is open.
    """

    def __init__(self, member: Member[Detector], floor: Floor, room: int) -> None:
        super().__init__(member, floor, room)
        self._waiting: dict[str, list[Frame]] = {}
        self.names: tuple[str, ...] = ()
        self.batch_size = 1

    def _open(self) -> None:
        super()._open()
        self.names = names_of(self.member.who, self.component)
        self.batch_size = positive(self.member.who, "batch_size", self.component.batch_size)

    def _time(self, item: Frames) -> float:
        return item[0].time

    def _work(self, source: str, item: Frames) -> tuple[Sequence[Observation], float]:
        waiting = self._waiting.setdefault(source, [])
        waiting.extend(item)
        seen: list[Observation] = []
        size = 1 if item[0].wall else self.batch_size  # a live frame waits for no other one
        while len(waiting) >= size:
            batch = waiting[:size]
            del waiting[:size]
            seen += self._detect(batch)
        return seen, waiting[0].time - MOMENT if waiting else item[-1].time

    def _finish(self, source: str) -> tuple[Sequence[Observation], float]:
        waiting = self._waiting.pop(source, [])
        return self._detect(waiting) if waiting else (), float("inf")

    def _looked(self, source: str, item: Frames | None) -> float:
        self._waiting.pop(source, None)
        return item[-1].time if item else float("inf")

    def _detect(self, batch: list[Frame]) -> list[Observation]:
        found = self._call("detect", lambda: self.component.detect(batch))
        must_be_detections(self.member.who, found, len(batch), self.names)
        name = self.member.who.name
        return [
            Observation(
                id=f"{frame.source}/{name}/{frame.index}",
                source=frame.source,
                by=name,
                time=frame.time,
                end=frame.time,
                value=detections,
                frame=frame.index,
                names=self.names,
            )
            for frame, detections in zip(batch, found, strict=True)
        ]
