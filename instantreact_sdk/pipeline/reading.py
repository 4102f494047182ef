"""The threads that read sources."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import FrameSource
from instantreact_sdk.pipeline.guard import AbandonedError
from instantreact_sdk.pipeline.hearing import SoundReader
from instantreact_sdk.pipeline.inbox import Inbox
from instantreact_sdk.pipeline.lane import Floor, Member
from instantreact_sdk.pipeline.messages import Ended, Failed, Opened, Pictures, Unwell
from instantreact_sdk.pipeline.pace import Pace
from instantreact_sdk.pipeline.permits import CHUNK_FRAMES, Permits
from instantreact_sdk.pipeline.position import stand_at
from instantreact_sdk.pipeline.sampler import Sampler
from instantreact_sdk.registry.fault import in_words
from instantreact_sdk.types import AudioChunk, Frame, Health, SourceInfo


@dataclass(frozen=True, slots=True)
class Outlets:
    """Where a source's frames and sound go.

    Attributes:
        frames: Inboxes of detectors and captioners.
        sound: Inboxes of recognizers, by sample rate.
        permits: Where frames go to whoever draws as well; None where nobody does.
        pace: Keeps files together.
    """

    frames: Sequence[Inbox[tuple[Frame, ...] | None]]
    sound: dict[int, list[Inbox[AudioChunk | None]]]
    permits: Permits | None
    pace: Pace


class SourceReader(threading.Thread):
    """Opens a source and reads its frames; starts a thread for its sound.

    A file is read to its end. A live source that fails is closed and opened again, for ever, with growing pauses; its
    times then go on as if it had never been away.

    Args:
        member: The source.
        floor: What the run shares.
        sampler: Which frames are looked at.
        outlets: Where they go; asked for once all components are open.
        go: Set when they are.
    """

    def __init__(
        self,
        member: Member[FrameSource],
        floor: Floor,
        sampler: Sampler,
        outlets: Callable[[], Outlets],
        go: threading.Event,
    ) -> None:
        super().__init__(name=member.who.name, daemon=True)
        self.member = member
        self.info: SourceInfo | None = None
        self.frames_read = 0
        self.frames_sampled = 0
        self._floor = floor
        self.guard = floor.guard(member.who, member.limit, self._give_up)
        self._sampler = sampler
        self._outlets_when_ready = outlets
        self._go = go
        self.opened_at = 0.0
        self.opened_wall = 0.0
        self._shift = 0.0  # seconds from the first opening to the present one
        self._index_shift = 0
        self._last = -1.0
        self._last_index = -1
        self.last_frame_at = 0.0
        self._outlets: Outlets | None = None
        self._ears: list[SoundReader] = []
        self._pause = 1.0
        self._told_offline = False
        self._gave_up = False
        self._pictures_ended = False

    def run(self) -> None:
        """Until the file ends, the run stops, or the source fails for good."""
        try:
            while not self._floor.stop.is_set():
                try:
                    self._read_once()
                except InstantReactError as error:
                    if self._final(error):
                        self._give_up(error)
                        break
                    self._retry(error)
                else:
                    break
            if not self._gave_up:
                self._end()
        except AbandonedError:
            return
        except Exception as error:  # noqa: BLE001  (a bug of ours must not leave the run waiting)
            self._give_up(InstantReactError("IR6002", problem=in_words(error)))
        finally:
            self.guard.done()

    def _read_once(self) -> None:
        clock = self.member.context.clock
        source = self.guard.call("__init__", self.member.make, counted=False)
        try:
            now = clock.monotonic()
            if not self.opened_at:
                self.opened_at, self.opened_wall = now, clock.now().timestamp()
            self._shift = now - self.opened_at
            self._index_shift = self._last_index + 1
            context = replace(self.member.context, wants=lambda at: self._sampler.wants(at + self._shift))
            self.guard.call("open", lambda: source.open(context), counted=False)
            info = self.guard.call("info", lambda: source.info, counted=False)
            if not isinstance(info, SourceInfo):
                raise self._bad(f"a {type(info).__name__} as its `info`")
            if self._floor.strict and (problem := self.guard.call("info", lambda: source.problem, counted=False)):
                raise problem
            self.info = info
            self._floor.post(Opened(self.member.who.name, info))
            self._go.wait()
            outlets = self._outlets = self._outlets_when_ready()
            self._ears = [
                SoundReader(self.member, self._floor, source, rate, self._shift, inboxes, outlets.pace, live=info.live)
                for rate, inboxes in outlets.sound.items()
                if info.has_sound
            ]
            for ear in self._ears:
                ear.start()
            self._read(source, info, outlets)
            for ear in self._ears:
                ear.join()
        finally:
            self._call_close(source.close)

    def _call_close(self, close: Callable[[], object] | None) -> None:
        if close is None:
            return
        try:
            self.guard.call("close", close, counted=False)
        except InstantReactError as error:  # perhaps after a worse one, which must not be forgotten for this
            name = self.member.who.name
            self._floor.post(Unwell(Health("plugin_failed", str(error), source=name, by=name)))

    def _read(self, source: FrameSource, info: SourceInfo, outlets: Outlets) -> None:
        frames = self.guard.call("frames", lambda: iter(source.frames()), counted=False)
        try:
            self._pass_on(frames, info, outlets)
        finally:
            self._call_close(getattr(frames, "close", None))  # a generator: what it holds is freed before its source is
        if not info.live:  # its sound may go on for longer
            self._end_pictures()

    def _end(self) -> None:
        """Nothing will come any more."""
        self._end_pictures()
        for ear in self._ears:
            ear.end()

    def _end_pictures(self) -> None:
        if not self._pictures_ended:
            self._pictures_ended = True
            name = self.member.who.name
            # Told before the lanes can tell that they are through.
            self._floor.post(Ended(name, "picture", max(self._last, 0.0)))
            for inbox in self._outlets.frames if self._outlets else ():
                inbox.put_last(name, None)

    def _pass_on(self, frames: Iterator[Frame], info: SourceInfo, outlets: Outlets) -> None:
        name = self.member.who.name
        chunk: list[Frame] = []
        # Where a component may fail without ending the run, a failed call costs it all frames of the chunk.
        single = info.live or not self._floor.strict
        room = 1 if single else CHUNK_FRAMES
        while not self._floor.stop.is_set():
            frame = self._next(frames, live=info.live)
            if frame is None:
                break
            self.frames_read += 1
            if not self._sampler.take(frame.time):
                continue
            frame.source = name
            if info.live and frame.wall is None:
                frame.wall = self.member.context.clock.now()
            chunk.append(frame)
            if len(chunk) >= room:
                self._hand_on(tuple(chunk), outlets, live=info.live)
                chunk.clear()
        if chunk and not self._floor.stop.is_set():
            self._hand_on(tuple(chunk), outlets, live=info.live)

    def _next(self, frames: Iterator[Frame], *, live: bool) -> Frame | None:
        # A live source may be silent for as long as its camera is; it has a watchdog of its own.
        frame = self.guard.call("frames", lambda: next(frames, None), counted=False, timed=not live)
        if frame is None:
            return None
        if not isinstance(frame, Frame):
            raise self._bad(f"a {type(frame).__name__} instead of a Frame")
        frame.time += self._shift
        frame.index += self._index_shift
        if not (math.isfinite(frame.time) and frame.time > self._last):
            raise self._bad(f"a frame at {frame.time} s after one at {self._last} s")
        self._last = frame.time
        self._last_index = frame.index
        self.last_frame_at = time.monotonic()
        stand_at(self.member.who.name, frame.time)
        return frame

    def _bad(self, problem: str) -> InstantReactError:
        who = self.member.who
        return InstantReactError("IR4008", component=who.name, problem=problem, plugin=who.plugin)

    def _hand_on(self, chunk: tuple[Frame, ...], outlets: Outlets, *, live: bool) -> None:
        name = self.member.who.name
        self.frames_sampled += len(chunk)
        self._back()
        if not live:
            outlets.pace.wait(f"{name} picture", chunk[0].time)
        # A camera does not wait for whoever draws: what a slow detector has not looked at yet stays undrawn.
        if outlets.permits is None or outlets.permits.take(len(chunk), wait=not live):
            self._floor.post(Pictures(name, chunk))
        for inbox in outlets.frames:
            inbox.put(name, chunk, lossless=not live)

    def _final(self, error: InstantReactError) -> bool:
        if self._floor.strict or (self.info is not None and not self.info.live):
            return True
        return self.info is None and error.mistake

    def _retry(self, error: InstantReactError) -> None:
        if not self._told_offline:
            self._told_offline = True
            self._floor.post(
                Unwell(Health("offline", str(error), source=self.member.who.name, by=self.member.who.name))
            )
        self._floor.stop.wait(self._pause * random.uniform(0.5, 1.0))  # noqa: S311  (jitter, not secrecy)
        self._pause = min(self._pause * 2, 30.0)

    def _back(self) -> None:
        """A frame came."""
        self._pause = 1.0
        if self._told_offline:
            self._told_offline = False
            name = self.member.who.name
            self._floor.post(Unwell(Health("online", f"{name} is back.", source=name, by=name)))

    def _give_up(self, error: InstantReactError) -> None:
        if not self._gave_up:
            self._gave_up = True
            self._floor.post(Failed(self.member.who.name, error, self.member.sources))
