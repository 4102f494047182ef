"""The thread that reads a source's sound."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import replace

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import FrameSource
from instantreact_sdk.pipeline.guard import AbandonedError, Guard
from instantreact_sdk.pipeline.inbox import Inbox
from instantreact_sdk.pipeline.lane import Floor, Member
from instantreact_sdk.pipeline.messages import Ended, Failed, Unwell
from instantreact_sdk.pipeline.pace import Pace
from instantreact_sdk.types import AudioChunk, Health


class SoundReader(threading.Thread):
    """Reads a source's sound at one rate.

    Args:
        member: The source.
        floor: What the run shares.
        source: The open source.
        rate: Samples per second.
        shift: Seconds to add to the times of the source.
        inboxes: Of the recognizers that want this rate.
        pace: Keeps files together.
        live: Whether sound that is not taken in time is gone.
    """

    def __init__(
        self,
        member: Member[FrameSource],
        floor: Floor,
        source: FrameSource,
        rate: int,
        shift: float,
        inboxes: list[Inbox[AudioChunk | None]],
        pace: Pace,
        *,
        live: bool,
    ) -> None:
        super().__init__(name=f"{member.who.name} sound", daemon=True)
        self._member = member
        self._floor = floor
        self._source = source
        self._rate = rate
        self._shift = shift
        self._inboxes = inboxes
        self._pace = pace
        self._live = live
        self._guard: Guard = floor.guard(member.who, member.limit, self._failed)
        self._last = 0.0
        self._ended = False

    def run(self) -> None:
        """Until the sound ends or the run stops."""
        name = self._member.who.name
        chunks: Iterator[AudioChunk] = iter(())
        try:
            chunks = self._guard.call("sound", lambda: iter(self._source.sound(self._rate)), counted=False)
            while not self._floor.stop.is_set() and (chunk := self._next(chunks)) is not None:
                if not self._live:
                    self._pace.wait(f"{name} sound", chunk.time)
                for inbox in self._inboxes:
                    inbox.put(name, chunk, lossless=not self._live)
        except InstantReactError as error:
            self._failed(error)
        except AbandonedError:
            return
        finally:
            self._close(chunks)
            self._guard.done()
        if not self._live:  # a live source may be opened again, and then another one goes on
            self.end()

    def end(self) -> None:
        """No sound will come any more."""
        if not self._ended:
            self._ended = True
            name = self._member.who.name
            self._floor.post(Ended(name, "sound", self._last))
            for inbox in self._inboxes:
                inbox.put_last(name, None)

    def _next(self, chunks: Iterator[AudioChunk]) -> AudioChunk | None:
        who = self._member.who
        chunk = self._guard.call("sound", lambda: next(chunks, None), counted=False, timed=not self._live)
        if chunk is None:
            return None
        problem = ""
        if not isinstance(chunk, AudioChunk):
            problem = f"a {type(chunk).__name__} instead of an AudioChunk"
        elif chunk.rate != self._rate:
            problem = f"sound at {chunk.rate} samples per second where {self._rate} were asked for"
        elif not math.isfinite(chunk.time):
            problem = f"sound at {chunk.time} s"
        if problem:
            raise InstantReactError("IR4004", component=who.name, problem=problem, call="sound", plugin=who.plugin)
        if self._shift:
            chunk = replace(chunk, time=chunk.time + self._shift)
        self._last = chunk.end
        return chunk

    def _close(self, chunks: Iterator[AudioChunk]) -> None:
        """End a generator now, so that what it holds is freed before its source is closed."""
        close = getattr(chunks, "close", None)
        if close is None or self._guard.abandoned:
            return
        try:
            self._guard.call("close", close, counted=False)
        except InstantReactError as error:
            self._failed(error)

    def _failed(self, error: InstantReactError) -> None:
        """Called from the thread that watches the time, too."""
        name = self._member.who.name
        if self._floor.strict:
            self._floor.post(Failed(name, error, self._member.sources))
        else:
            self._floor.post(Unwell(Health("plugin_failed", str(error), source=name, by=name)))
        self.end()  # pictures go on, and nobody waits for sound
