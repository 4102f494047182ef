"""All threads of a run: making, starting, connecting and ending them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from instantreact_sdk.config.conditions import Channel
from instantreact_sdk.pipeline import (
    CHUNK_FRAMES,
    CaptionerLane,
    DetectorLane,
    Floor,
    Lane,
    Outlets,
    Pace,
    Permits,
    RecognizerLane,
    Sampler,
    SourceReader,
)
from instantreact_sdk.runner.building import Members

_ROOM = 4  # items that wait for a lane, for each source
_LEAVE = 10.0  # seconds that threads have to end


class Crew:
    """Readers and lanes of a run.

    Args:
        members: The components.
        floor: What the threads share.
        samplers: One for each source.
        draws: Whether frames go to whoever draws, too.
    """

    def __init__(self, members: Members, floor: Floor, samplers: dict[str, Sampler], *, draws: bool) -> None:
        self._floor = floor
        self._draws = draws
        self._go = threading.Event()
        self._permits: dict[str, Permits] = {}
        self.pace = Pace()
        self.detectors = [DetectorLane(member, floor, _ROOM) for member in members.detectors]
        self.captioners = [CaptionerLane(member, floor, _ROOM) for member in members.captioners]
        self.recognizers = [RecognizerLane(member, floor, _ROOM) for member in members.recognizers]
        self.readers = {
            member.who.name: SourceReader(
                member, floor, samplers[member.who.name], self._outlets(member.who.name), self._go
            )
            for member in members.sources
        }

    @property
    def lanes(self) -> list[Lane[Any, Any]]:
        """All workers."""
        return [*self.detectors, *self.captioners, *self.recognizers]

    @property
    def by_kind(self) -> list[tuple[str, Sequence[Lane[Any, Any]]]]:
        """All workers, by the kind of their components."""
        return [("detector", self.detectors), ("captioner", self.captioners), ("recognizer", self.recognizers)]

    def channels(self, source: str) -> list[tuple[Channel, Lane[Any, Any]]]:
        """The lanes that watch a source, each with the channel that it feeds."""
        channels: dict[str, Channel] = {"detector": "picture", "captioner": "caption", "recognizer": "sound"}
        return [
            (channels[kind], lane) for kind, lanes in self.by_kind for lane in lanes if source in lane.member.sources
        ]

    def labels(self) -> dict[str, tuple[str, ...]]:
        """What each detector that is open can find, by its name; all instances of one find the same."""
        return {lane.member.who.name: lane.names for lane in self.detectors if lane.opened}

    def start(self) -> None:
        """Open everything, each in its own thread."""
        self._floor.watch.start()
        for thread in (*self.lanes, *self.readers.values()):
            thread.start()

    def go(self) -> None:
        """All are open: read."""
        self._go.set()

    def drawn(self, source: str, frames: int) -> None:
        """So many frames of a source have been drawn."""
        if source in self._permits:
            self._permits[source].give(frames)

    def end_source(self, source: str) -> None:
        """A source broke; its lanes need not wait for more."""
        for _, lane in self.channels(source):
            lane.inbox.put_last(source, None)

    def hurry(self) -> None:
        """The run stops: nobody waits for anybody any more."""
        self._go.set()
        self.pace.close()
        for permits in self._permits.values():
            permits.close()

    def leave(self) -> bool:
        """End all threads.

        Returns:
            Whether all have ended; one may be in a call that never returns.
        """
        self.hurry()
        for lane in self.lanes:
            lane.inbox.close()
        deadline = time.monotonic() + _LEAVE
        threads: list[threading.Thread] = [*self.lanes, *self.readers.values()]
        for thread in threads:
            while thread.is_alive() and time.monotonic() < deadline and not _lost(thread):
                thread.join(0.1)
        return not any(thread.is_alive() for thread in threads)

    def _outlets(self, source: str) -> Callable[[], Outlets]:
        def outlets() -> Outlets:
            lanes = self.channels(source)
            by_rate: dict[int, list[Any]] = {}
            for lane in self.recognizers:
                if lane.opened and source in lane.member.sources:
                    by_rate.setdefault(lane.sample_rate, []).append(lane.inbox)
            permits = None
            if self._draws:
                batch = max([lane.batch_size for lane in self.detectors if lane.opened], default=1)
                permits = Permits(2 * batch + 3 * CHUNK_FRAMES)
                self._permits[source] = permits
            frames = [lane.inbox for channel, lane in lanes if channel != "sound"]
            return Outlets(frames, by_rate, permits, self.pace)

        return outlets


def _lost(thread: threading.Thread) -> bool:
    """Whether it is in a call that has been given up."""
    return isinstance(thread, Lane | SourceReader) and thread.guard.abandoned
