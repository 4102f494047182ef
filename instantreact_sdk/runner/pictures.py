"""Frames on their way to the annotated video, to snapshots and to clips."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from instantreact_sdk.types import Detections, Event, Frame, Health, Observation, SourceInfo

if TYPE_CHECKING:
    from instantreact_sdk.report import AnnotatedVideo
    from instantreact_sdk.runner.clips import Clips

Zones = Mapping[str, Sequence[tuple[float, float]]]

_MEMORY_SECONDS = 60.0
_MEMORY_STEP = 1.0
_MEMORY_WIDTH = 960


class Pictures:
    """Holds each sampled frame until all detectors have looked at it; then it goes into the video, and away.

    An event that a rule on pictures raises is decided before its frame goes. For rules that wait longer (on sound, on
    captions) a small picture of each second is remembered for a minute.

    Args:
        snapshots: Folder of the snapshots, or None for none.
        video: Gives the file of a source's annotated video; or None for none.
        zones: Zones to draw, by source.
        remember: Whether some rule decides later than on pictures.
        clips: Makes a clip of each event, or None for none.
    """

    def __init__(
        self,
        snapshots: Path | None,
        video: Callable[[str], Path] | None,
        zones: Mapping[str, Zones],
        *,
        remember: bool,
        clips: Clips | None = None,
    ) -> None:
        self._snapshots = snapshots
        self._clips = clips
        self._video = video
        self._zones = zones
        self._remember = remember
        self._videos: dict[str, AnnotatedVideo] = {}
        self._infos: dict[str, SourceInfo] = {}
        self._waiting: dict[str, deque[Frame]] = defaultdict(deque)
        self._found: dict[str, dict[int, list[Observation]]] = defaultdict(dict)
        self._said: dict[str, list[Observation]] = defaultdict(list)
        self._memory: dict[str, deque[tuple[Frame, list[Observation]]]] = defaultdict(deque)

    @property
    def wanted(self) -> bool:
        """Whether anybody needs frames here at all."""
        return any(each is not None for each in (self._snapshots, self._video, self._clips))

    def opened(self, source: str, info: SourceInfo) -> None:
        """A source is open."""
        self._infos[source] = info
        if self._clips:
            self._clips.opened(source, info)

    def add(self, source: str, frames: Sequence[Frame]) -> None:
        """Sampled frames, in order."""
        self._waiting[source].extend(frames)
        if self._clips:
            self._clips.add(source, frames)

    def seen(self, observation: Observation) -> None:
        """What was seen in a frame, or said meanwhile."""
        value = observation.value
        if isinstance(value, Detections):
            if self.wanted and len(value) and observation.frame is not None:
                self._found[observation.source].setdefault(observation.frame, []).append(observation)
        elif self._video and not isinstance(value, Health):
            self._said[observation.source].append(observation)

    def reached(self, source: str, until: float) -> int:
        """All detectors have looked at the frames up to this time.

        Returns:
            How many frames went.
        """
        waiting, seen = self._waiting[source], self._found[source]
        gone = 0
        while waiting and waiting[0].time <= until:
            frame = waiting.popleft()
            found = seen.pop(frame.index, [])
            if self._video:
                self._annotate(source, frame, found)
            if self._remember:
                self._keep(source, frame, found)
            gone += 1
        for index in [index for index, found in seen.items() if found[0].time <= until]:
            del seen[index]  # of a camera, a frame that there was no room for, or that went before it was looked at
        return gone

    def snapshot(self, event: Event) -> Path | None:
        """Write the picture of an event: the frame nearest to the moment at which it became true.

        Returns:
            The file, or None where no frame of that moment is left.
        """
        if self._snapshots is None:
            return None
        from instantreact_sdk.report import write_snapshot

        seen = self._found[event.source]
        here = [(frame, seen.get(frame.index, [])) for frame in self._waiting[event.source]]
        choice = [*self._memory[event.source], *here]
        if not choice:
            return None
        frame, found = min(choice, key=lambda each: abs(each[0].time - event.end))
        path = self._snapshots / f"{event.id}.jpg"
        write_snapshot(path, frame.image, found, self._zones.get(event.source))
        return path

    def clip(self, event: Event) -> None:
        """Have a clip made of an event, once it was written down: whoever hears that the clip is there can look it up."""
        if self._clips:
            self._clips.event(event)

    def advance(self, source: str, time: float) -> None:
        """It is so late in a live source, whether it gives frames or not."""
        if self._clips:
            self._clips.advance(source, time)

    def ended(self, source: str) -> None:
        """A source gives no more frames."""
        if self._clips:
            self._clips.ended(source)

    def close(self) -> None:
        """Complete the videos and the clips."""
        try:
            for video in self._videos.values():
                video.close()
        finally:
            if self._clips:
                self._clips.close()

    def _annotate(self, source: str, frame: Frame, found: list[Observation]) -> None:
        assert self._video is not None
        video = self._videos.get(source)
        if video is None:
            from instantreact_sdk.report import AnnotatedVideo

            info = self._infos[source]
            video = self._videos[source] = AnnotatedVideo(
                self._video(source), frame.width, frame.height, info.fps or 25.0, zones=self._zones.get(source)
            )
        said = self._said[source]
        ripe = [each for each in said if each.end <= frame.time]
        said[:] = [each for each in said if each.end > frame.time]
        video.write(frame, [*found, *ripe])

    def _keep(self, source: str, frame: Frame, found: list[Observation]) -> None:
        memory = self._memory[source]
        if memory and frame.time - memory[-1][0].time < _MEMORY_STEP:
            return
        width = min(_MEMORY_WIDTH, frame.width)
        memory.append((frame.only(frozenset([(width, max(1, frame.height * width // frame.width))])), found))
        while frame.time - memory[0][0].time > _MEMORY_SECONDS:
            memory.popleft()
