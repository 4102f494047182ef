"""Sound through a recognizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from instantreact_sdk.interfaces import AudioRecognizer
from instantreact_sdk.pipeline.answers import must_be, positive
from instantreact_sdk.pipeline.cutting import Segments
from instantreact_sdk.pipeline.lane import MOMENT, Floor, Lane, Member
from instantreact_sdk.types import AudioChunk, Observation, SoundEvent, Transcript


@dataclass(slots=True)
class _Heard:
    segments: Segments
    made: int = 0


class RecognizerLane(Lane[AudioRecognizer, AudioChunk]):
    """Joins a source's sound into segments of the recognizer's `max_seconds`; a gap in the sound ends one too.

    Args:
        member: The recognizer.
        floor: What the run shares.
        room: Chunks that wait for each source.
    """

    def __init__(self, member: Member[AudioRecognizer], floor: Floor, room: int) -> None:
        super().__init__(member, floor, room)
        self._heard: dict[str, _Heard] = {}

    def _open(self) -> None:
        super()._open()
        self.sample_rate = positive(self.member.who, "sample_rate", self.component.sample_rate)
        self._max_seconds = float(self.component.max_seconds)

    def _time(self, item: AudioChunk) -> float:
        return item.time

    def _work(self, source: str, item: AudioChunk) -> tuple[Sequence[Observation], float]:
        heard = self._heard.setdefault(source, _Heard(Segments(self._max_seconds, source)))
        seen: list[Observation] = []
        for chunk in heard.segments.add(item):
            seen += self._recognize(heard, chunk)
        return seen, heard.segments.start - MOMENT

    def _finish(self, source: str) -> tuple[Sequence[Observation], float]:
        heard = self._heard.pop(source, None)
        if heard is None:
            return (), float("inf")
        return [one for chunk in heard.segments.rest() for one in self._recognize(heard, chunk)], float("inf")

    def _looked(self, source: str, item: AudioChunk | None) -> float:
        return item.time - MOMENT if item else float("inf")

    def _recognize(self, heard: _Heard, chunk: AudioChunk) -> list[Observation]:
        values = self._call("recognize", lambda: self.component.recognize(chunk))
        must_be(self.member.who, "recognize", values, None, "", Transcript, SoundEvent)
        name = self.member.who.name
        seen = []
        for value in values:
            # What ends outside its chunk would come too late, or before its time.
            end = min(max(value.end, chunk.time), chunk.end)
            inside = replace(value, start=min(value.start, end), end=end)
            seen.append(
                Observation(
                    id=f"{chunk.source}/{name}/{heard.made}",
                    source=chunk.source,
                    by=name,
                    time=inside.start,
                    end=end,
                    value=inside,
                )
            )
            heard.made += 1
        return sorted(seen, key=lambda each: each.end)
