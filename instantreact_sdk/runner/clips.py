"""Clips of events: what was to be seen a little before, meanwhile and a little after."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import Permits, Sampler
from instantreact_sdk.pipeline.pace import AHEAD
from instantreact_sdk.registry.fault import in_words
from instantreact_sdk.report.clips import CLIP_FPS, small_picture, write_clip
from instantreact_sdk.runner.reel import Cut, Reel
from instantreact_sdk.types import Event, Frame, SourceInfo

_REACH = 60.0  # seconds that are remembered: rules on sound decide up to 30 s later
_ON_THE_WAY = 4  # frames of one source that wait to be made small
_UNWRITTEN_BYTES = 256_000_000  # of clips that wait to be written
_LATE = 2.0  # seconds that frames of a camera may be behind the clock
_QUIET = 60.0  # seconds in which nobody is told of a second failure: some clips may succeed in between
_LEAVE = 60.0  # seconds that one clip may take at the end of a run


class Clips:
    """Remembers the last pictures of each source, small, and writes an MP4 for each event once what follows it was seen.

    `opened`, `add`, `event`, `advance`, `ended` and `close` are called by one thread. Two others work: one makes pictures
    small and remembers them, one writes films. Files wait where these are slower; cameras do not: frames that there is no
    room for are missing in the clip, and an event that there is no room for has no clip, which is told.

    Args:
        folder: Where ``<event id>.mp4`` go. What a run that was killed left half written in it is removed.
        ready: Told of each clip that is there, in a thread of this class. An event without any picture gets none.
        failed: Told in a sentence why a clip could not be made, in a thread of this class; once, until one
            can be made again, and once a minute at the most.
    """

    def __init__(self, folder: Path, ready: Callable[[Event, Path], None], failed: Callable[[str], None]) -> None:
        self._folder = folder
        self._ready = ready
        self._failed = failed
        self._failing = False
        self._told = -_QUIET
        self._opened: set[str] = set()
        self._live: set[str] = set()
        self._samplers: dict[str, Sampler] = defaultdict(lambda: Sampler(CLIP_FPS))
        self._room: dict[str, Permits] = defaultdict(lambda: Permits(_ON_THE_WAY))
        self._reels: dict[str, Reel] = {}  # the keeper's alone
        self._tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._ripe: SimpleQueue[Cut | None] = SimpleQueue()
        self._unwritten = Permits(_UNWRITTEN_BYTES)
        self._closing = threading.Event()
        self._left = threading.Event()
        self._written = 0
        self._keeper = threading.Thread(target=self._keep, name="clips", daemon=True)
        self._writer = threading.Thread(target=self._write, name="clips to disk", daemon=True)

    def opened(self, source: str, info: SourceInfo) -> None:
        """A source is open."""
        self._opened.add(source)
        if info.live:
            self._live.add(source)
        if not self._keeper.ident:
            self._keeper.start()
            self._writer.start()

    def add(self, source: str, frames: Sequence[Frame]) -> None:
        """Sampled frames, in order; ten of a second are taken at the most."""
        for frame in frames:
            if self._samplers[source].wants(frame.time) and self._room[source].take(1, wait=source not in self._live):
                self._samplers[source].take(frame.time)
                self._tasks.put(partial(self._remember, source, frame))

    def event(self, event: Event) -> None:
        """An event that wants a clip. Where nothing is to be seen, as of a camera that was never there, there is none."""
        if event.source in self._opened:
            self._tasks.put(lambda: self._hand_on(event.source, self._reel(event.source).begin(event)))

    def advance(self, source: str, now: float) -> None:
        """It is so late in a live source, whether it gives frames or not."""
        if source in self._opened:
            self._tasks.put(lambda: self._hand_on(source, self._reel(source).passed(now - _LATE)))

    def ended(self, source: str) -> None:
        """A source gives no more frames."""
        if source in self._opened:
            self._tasks.put(lambda: self._hand_on(source, self._reel(source).end()))

    def close(self) -> None:
        """Write what is left, also of events whose time after is not over. May be repeated."""
        if self._closing.is_set():
            return
        self._closing.set()
        for room in (*self._room.values(), self._unwritten):
            room.close()
        self._tasks.put(None)
        for thread in (self._keeper, self._writer):
            before = -1
            while thread.ident and thread.is_alive() and self._written != before:
                before = self._written
                thread.join(_LEAVE)
        self._left.set()
        if self._writer.ident and self._writer.is_alive():
            self._failed(f"A clip was given up at the end of the run: nothing was written for {_LEAVE:g} s.")

    # The keeper ---------------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        self._try("Half a clip of an earlier run could not be removed", self._tidy)
        while (task := self._tasks.get()) is not None:
            self._try("A clip lacks a picture", task)
            del task  # it holds a frame
        for source, reel in self._reels.items():
            self._hand_on(source, reel.end())
        self._ripe.put(None)

    def _tidy(self) -> None:
        for half in self._folder.glob(f"{'[0-9a-f]' * 12}.part"):
            half.unlink(missing_ok=True)

    def _reel(self, source: str) -> Reel:
        if source not in self._reels:
            # A file's pictures may be read so far ahead of its sound, or of another file.
            self._reels[source] = Reel(_REACH if source in self._live else _REACH + AHEAD)
        return self._reels[source]

    def _remember(self, source: str, frame: Frame) -> None:
        try:
            picture = small_picture(frame)
        finally:
            self._room[source].give(1)
        self._hand_on(source, self._reel(source).add(picture))

    def _hand_on(self, source: str, clips: Sequence[Cut]) -> None:
        for clip in clips:
            if not clip.pictures:
                continue
            if self._unwritten.take(clip.size, wait=source not in self._live or self._closing.is_set()):
                self._ripe.put(clip)
            else:
                self._fail(f"There is no clip of event {clip.event.id}: too many are still to be written.")

    # The writer ---------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        while (clip := self._ripe.get()) is not None and not self._left.is_set():
            self._try(f"There is no clip of event {clip.event.id}", partial(self._write_one, clip))
            self._unwritten.give(clip.size)
            self._written += 1
            del clip  # it is large

    def _write_one(self, clip: Cut) -> None:
        path = self._folder / f"{clip.event.id}.mp4"
        write_clip(path, clip.pictures)
        self._failing = False
        self._ready(clip.event, path)

    def _try(self, otherwise: str, task: Callable[[], None]) -> None:
        try:
            task()
        except InstantReactError as error:
            self._fail(f"{otherwise}: {error}")
        except Exception as error:  # noqa: BLE001  (a clip is worth a lot, but not the run)
            self._fail(f"{otherwise}: {in_words(error)}")

    def _fail(self, sentence: str) -> None:
        now = time.monotonic()
        if not self._failing and now - self._told >= _QUIET:
            self._failing, self._told = True, now
            with suppress(Exception):
                self._failed(sentence)
