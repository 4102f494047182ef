"""Windows of frames through a captioner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from instantreact_sdk.interfaces import Captioner
from instantreact_sdk.pipeline.lane import MOMENT, Floor, Lane, Member
from instantreact_sdk.types import Caption, Clip, Frame, Observation

Frames = tuple[Frame, ...]

_GAP = 3.0  # seconds without a frame that one clip may hold, where frames are not as rare as that anyway


@dataclass(slots=True)
class _Window:
    frames: list[Frame] = field(default_factory=list)
    fresh: int = 0  # frames that no clip has had yet
    skip: int = 0  # frames before the next clip begins
    clips: list[Clip] = field(default_factory=list)  # wait for a full batch
    made: int = 0
    last: float = 0.0  # time of the last frame
    step: float = 0.0  # between the two last frames

    def follows(self, time: float) -> bool:
        """Whether a frame of that time goes on from the last one; after an outage it does not. It is the last one now."""
        gap, self.last = time - self.last, time
        follows = not self.frames or gap <= max(_GAP, 3 * self.step)
        self.step = gap if follows and self.frames else 0.0
        return follows


class CaptionerLane(Lane[Captioner, Frames]):
    """Fills a window for each source with the sizes that the captioner declared, and captions it as it slides.

    Args:
        member: The captioner.
        floor: What the run shares.
        room: Items that wait for each source.
    """

    def __init__(self, member: Member[Captioner], floor: Floor, room: int) -> None:
        super().__init__(member, floor, room)
        self._windows: dict[str, _Window] = {}

    def _open(self) -> None:
        super()._open()
        captioner = self.component
        self._length = self._positive("clip_length", captioner.clip_length)
        stride = captioner.clip_stride
        self._stride = max(1, self._length // 2) if stride is None else self._positive("clip_stride", stride)
        self._sizes = frozenset([captioner.input_size] if captioner.input_size else [])
        self._batch_size = self._positive("batch_size", captioner.batch_size)

    def _time(self, item: Frames) -> float:
        return item[0].time

    def _work(self, source: str, item: Frames) -> tuple[Sequence[Observation], float]:
        window = self._windows.setdefault(source, _Window())
        seen: list[Observation] = []
        for frame in item:
            if not window.follows(frame.time):
                window.frames.clear()
                window.fresh = window.skip = 0
            if window.skip:
                window.skip -= 1
                continue
            window.frames.append(frame.only(self._sizes))
            window.fresh += 1
            if len(window.frames) == self._length:
                window.clips.append(Clip(tuple(window.frames), source))
                del window.frames[: self._stride]
                window.skip = max(0, self._stride - self._length)
                window.fresh = 0
            if len(window.clips) >= (1 if frame.wall else self._batch_size):  # a live clip waits for no other one
                seen += self._caption(window)
        end = window.clips[0].end if window.clips else item[-1].time
        return seen, end - MOMENT if window.clips or window.fresh else end  # the clip to come may end with this frame

    def _finish(self, source: str) -> tuple[Sequence[Observation], float]:
        window = self._windows.pop(source, _Window())
        if window.fresh:
            window.clips.append(Clip(tuple(window.frames), source))
        return self._caption(window) if window.clips else (), float("inf")

    def _looked(self, source: str, item: Frames | None) -> float:
        return item[-1].time if item else float("inf")

    def _caption(self, window: _Window) -> list[Observation]:
        clips, window.clips = window.clips, []
        captions = self._call("caption", lambda: self.component.caption(clips))
        self._check("caption", captions, len(clips), "clips", Caption)
        name = self.member.who.name
        seen = []
        for clip, caption in zip(clips, captions, strict=True):
            seen.append(
                Observation(
                    id=f"{clip.source}/{name}/{window.made}",
                    source=clip.source,
                    by=name,
                    time=clip.start,
                    end=clip.end,
                    value=caption,
                )
            )
            window.made += 1
        return seen
