"""Sound through a recognizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from instantreact_sdk.interfaces import AudioRecognizer
from instantreact_sdk.pipeline.lane import MOMENT, Floor, Lane, Member
from instantreact_sdk.types import AudioChunk, Observation, SoundEvent, Transcript


@dataclass(slots=True)
class _Segment:
    chunks: list[AudioChunk] = field(default_factory=list)
    made: int = 0

    @property
    def samples(self) -> int:
        return sum(len(chunk.samples) for chunk in self.chunks)


class RecognizerLane(Lane[AudioRecognizer, AudioChunk]):
    """Joins a source's sound into segments of the recognizer's `max_seconds`; a gap in the sound ends one too.

    Args:
        member: The recognizer.
        floor: What the run shares.
        room: Chunks that wait for each source.
    """

    def __init__(self, member: Member[AudioRecognizer], floor: Floor, room: int) -> None:
        super().__init__(member, floor, room)
        self._segments: dict[str, _Segment] = {}

    def _open(self) -> None:
        super()._open()
        self.sample_rate = self._positive("sample_rate", self.component.sample_rate)
        self._max_seconds = float(self.component.max_seconds)

    def _time(self, item: AudioChunk) -> float:
        return item.time

    def _work(self, source: str, item: AudioChunk) -> tuple[Sequence[Observation], float]:
        segment = self._segments.setdefault(source, _Segment())
        seen: list[Observation] = []
        longest = max(1, int(self._max_seconds * item.rate + MOMENT))
        gap = segment.chunks and abs(item.time - segment.chunks[-1].end) > 1.5 / item.rate
        if segment.chunks and (gap or segment.samples + len(item.samples) > longest):
            seen += self._recognize(source, segment)
        while len(item.samples) > longest:  # a chunk of a second, and a recognizer that takes less
            segment.chunks.append(AudioChunk(item.samples[:longest], item.rate, item.time, source))
            seen += self._recognize(source, segment)
            item = AudioChunk(item.samples[longest:], item.rate, item.time + longest / item.rate, source)
        segment.chunks.append(item)
        return seen, segment.chunks[0].time - MOMENT

    def _finish(self, source: str) -> tuple[Sequence[Observation], float]:
        segment = self._segments.pop(source, _Segment())
        return self._recognize(source, segment) if segment.chunks else (), float("inf")

    def _looked(self, source: str, item: AudioChunk | None) -> float:
        return item.time if item else float("inf")

    def _recognize(self, source: str, segment: _Segment) -> list[Observation]:
        first = segment.chunks[0]
        samples = np.concatenate([chunk.samples for chunk in segment.chunks])
        segment.chunks.clear()
        chunk = AudioChunk(samples, first.rate, first.time, source)
        heard = self._call("recognize", lambda: self.component.recognize(chunk))
        self._check("recognize", heard, None, "", Transcript, SoundEvent)
        name = self.member.who.name
        seen = []
        for value in heard:
            # What ends outside its chunk would come too late, or before its time.
            end = min(max(value.end, chunk.time), chunk.end)
            inside = replace(value, start=min(value.start, end), end=end)
            seen.append(
                Observation(
                    id=f"{source}/{name}/{segment.made}",
                    source=source,
                    by=name,
                    time=inside.start,
                    end=end,
                    value=inside,
                )
            )
            segment.made += 1
        return sorted(seen, key=lambda each: each.end)
