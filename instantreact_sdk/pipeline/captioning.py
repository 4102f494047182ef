"""Windows of frames through a captioner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from instantreact_sdk.interfaces import Captioner
from instantreact_sdk.pipeline.answers import must_be, positive
from instantreact_sdk.pipeline.cutting import Window
from instantreact_sdk.pipeline.lane import MOMENT, Floor, Lane, Member
from instantreact_sdk.types import Caption, Clip, Frame, Observation

Frames = tuple[Frame, ...]


@dataclass(slots=True)
class _Watched:
    window: Window
    clips: list[Clip] = field(default_factory=list)  # wait for a full batch
    made: int = 0


class CaptionerLane(Lane[Captioner, Frames]):
    """Fills a window for each source with the sizes that the captioner declared, and captions it as it slides.

    Args:
        member: The captioner.
        floor: What the run shares.
        room: Items that wait for each source.
    """

    def __init__(self, member: Member[Captioner], floor: Floor, room: int) -> None:
        super().__init__(member, floor, room)
        self._watched: dict[str, _Watched] = {}

    def _open(self) -> None:
        super()._open()
        captioner = self.component
        self._length = positive(self.member.who, "clip_length", captioner.clip_length)
        stride = captioner.clip_stride
        self._stride = None if stride is None else positive(self.member.who, "clip_stride", stride)
        self._batch_size = positive(self.member.who, "batch_size", captioner.batch_size)

    def _time(self, item: Frames) -> float:
        return item[0].time

    def _work(self, source: str, item: Frames) -> tuple[Sequence[Observation], float]:
        watched = self._watched.get(source)
        if watched is None:
            window = Window(self._length, self._stride, self.component.input_size, source)
            watched = self._watched[source] = _Watched(window)
        seen: list[Observation] = []
        for frame in item:
            watched.clips += watched.window.add(frame)
            if len(watched.clips) >= (1 if frame.wall else self._batch_size):  # a live clip waits for no other one
                seen += self._caption(watched)
        end = watched.clips[0].end if watched.clips else item[-1].time
        waits = watched.clips or watched.window.fresh
        return seen, end - MOMENT if waits else end  # the clip to come may end with this frame

    def _finish(self, source: str) -> tuple[Sequence[Observation], float]:
        watched = self._watched.pop(source, None)
        if watched is None:
            return (), float("inf")
        watched.clips += watched.window.rest()
        return self._caption(watched) if watched.clips else (), float("inf")

    def _looked(self, source: str, item: Frames | None) -> float:
        return item[-1].time if item else float("inf")

    def _caption(self, watched: _Watched) -> list[Observation]:
        clips, watched.clips = watched.clips, []
        captions = self._call("caption", lambda: self.component.caption(clips))
        must_be(self.member.who, "caption", captions, len(clips), "clips", Caption)
        name = self.member.who.name
        seen = []
        for clip, caption in zip(clips, captions, strict=True):
            seen.append(
                Observation(
                    id=f"{clip.source}/{name}/{watched.made}",
                    source=clip.source,
                    by=name,
                    time=clip.start,
                    end=clip.end,
                    value=caption,
                )
            )
            watched.made += 1
        return seen
