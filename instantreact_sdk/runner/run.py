"""One run of a pipeline: the thread that merges and decides."""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from instantreact_sdk.config import Loaded
from instantreact_sdk.config.conditions import Channel, HealthCondition, leaves
from instantreact_sdk.config.labels import check_labels
from instantreact_sdk.config.pipeline_file import SYSTEM
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import (
    Ended,
    Failed,
    Message,
    Opened,
    Printed,
    Seen,
    Unwell,
    Wake,
)
from instantreact_sdk.pipeline import Pictures as Sampled
from instantreact_sdk.pipeline.messages import Stream
from instantreact_sdk.registry import Registry
from instantreact_sdk.runner.assembling import assemble
from instantreact_sdk.runner.connecting import STREAMS, connect, connect_system
from instantreact_sdk.runner.library_threads import set_library_threads
from instantreact_sdk.runner.opening import Opening
from instantreact_sdk.runner.settings import Settings, Step
from instantreact_sdk.types import Detections, Event, Health, NearMiss, Observation

TICK = 0.2
"""Seconds between looks at the clock, for live sources."""
PATIENCE = 10.0
"""Seconds that a run that was stopped waits for what is still on its way."""

_STUCK = 30.0
"""Seconds without a look at the clock after which something holds this thread."""
FOREVER = float("inf")


class Run:
    """Starts the threads, takes what they post, and gives events in order.

    Files: everything waits for everybody, so that results depend on nothing but media time. Live sources: rules wait
    for what they name, at most ``allowed_lateness``.

    Args:
        loaded: The pipeline file.
        registry: The plugins.
        settings: What is asked besides.
    """

    def __init__(self, loaded: Loaded, registry: Registry, settings: Settings) -> None:
        self._loaded = loaded
        self._file = loaded.file
        self._how = "failed"
        self._settings = settings
        self._mail: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._stopped_at = 0.0
        self.interrupted = False
        self._error: InstantReactError | None = None
        rules = self._file.rules
        self._hears_health = any(
            isinstance(leaf, HealthCondition) for rule in rules.values() for leaf in leaves(rule.when)
        )
        self._order = {name: number for number, name in enumerate(rules)}
        parts = assemble(loaded, registry, settings, self._mail.put, self._stop, self._alive)
        self._parts = parts
        self._engine = parts.engine
        self.crew = parts.crew
        self.chronicle = parts.chronicle
        self._pictures = parts.pictures
        self._times = parts.times
        self._wellbeing = parts.wellbeing
        self._merge = parts.merge
        self._decided: list[tuple[Event | NearMiss, Path | None]] = []
        self._reading: Counter[tuple[str, str]] = Counter()  # streams of sources that have not ended
        self._ends: dict[tuple[str, str], float] = {}
        self._closed_channels: set[tuple[str, str]] = set()
        self._ticked = self._reported = 0.0
        self._leaving = ExitStack()

    def events(self) -> Iterator[Event]:
        """Run to the end, or until `stop`; yields events as they are decided.

        Raises:
            InstantReactError: A component failed; what was found until then has been written.
        """
        try:
            self._open()
            while not self._over():
                self._handle(self._next())
                self._tick()
                yield from self._release()
            if not self._error:
                self._end_all()
            yield from self._release()
            self._how = "failed" if self._error else "interrupted" if self.interrupted else "done"
        except GeneratorExit:
            self._how = "interrupted"
            raise
        finally:
            self._close()
        if self._error:
            raise self._error

    def stop(self) -> None:
        """End the run early; may be called from any thread and from a signal handler, so it takes no lock."""
        self.interrupted = True
        self._mail.put(Wake())

    def summary(self) -> dict[str, Any]:
        """Figures of the run so far."""
        return self.chronicle.tally.summary(self.crew, str(self._loaded.path), self._how)

    def note_print(self, component: str) -> None:
        """A component wrote to standard output; from any thread."""
        self._mail.put(Printed(component))

    def _alive(self) -> bool:
        """Whether this thread goes on, and alerts would reach people. From any thread."""
        mailing = self._parts.mailing
        return time.monotonic() - self._ticked < _STUCK and (mailing is None or mailing.alive)

    def _halt(self) -> None:
        self._stopped_at = self._stopped_at or time.monotonic()
        self._stop.set()

    # Starting -----------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Open all components at the same time; read once each is open or known to be broken."""
        self.crew.start()
        opening = Opening(self.crew, strict=self._settings.strict)
        opening.wait(self._next, self._stop.is_set)
        opening.fit(lambda: check_labels(self._loaded, self.crew.labels()))
        if opening.error:
            self._fail(opening.error)
        elif not self._stop.is_set():
            self.chronicle.begin()
        set_library_threads(self._parts.workers)
        for name in self.crew.readers:
            self._reading.update(connect(self._parts, name, self._end))
        if not self._settings.strict:
            connect_system(self._parts, self._end)
        for message in opening.early:
            self._handle(message)
        if self._settings.restarted:
            for name in self.crew.readers:
                self._wellbeing.tell(Health("restarted", str(self._settings.restarted), source=name, by="sdk"))
        self.crew.go()
        if self._parts.heartbeat and not self._stop.is_set():
            self._leaving.enter_context(self._parts.heartbeat)

    # Working ------------------------------------------------------------------------------------------------------

    def _next(self) -> Message:
        try:
            message = self._mail.get(timeout=TICK)
        except queue.Empty:
            message = Wake()
        if self.interrupted and not self._stop.is_set():
            self._halt()
        return message

    def _handle(self, message: Message) -> None:  # noqa: C901  (one short case for each message)
        match message:
            case Seen(source, by, observations, until):
                self._seen(source, by, observations, until)
            case Sampled(source, frames):
                self._pictures.add(source, frames)
                self._drawn(source, self._merge.until(source, "picture"))  # nobody may be left to look at them
                self._report(source, frames[-1].time)
            case Ended(source, stream, end):
                self._ended(source, stream, end)
            case Failed(component, error, sources):
                self._failed(component, error, sources)
            case Opened(component, info):
                if info is not None:
                    self.chronicle.tally.infos[component] = info
                    self._pictures.opened(component, info)
                    if info.live and not info.has_sound:  # it was offline when the run began
                        self._reading[component, "sound"] = 0
                        self._end(component, "sound", 0.0)
            case Unwell(health):
                self._wellbeing.tell(health)
            case Printed(component):
                self._wellbeing.printed(component)
            case Wake():
                pass

    def _ended(self, source: str, stream: Stream, end: float) -> None:
        self._reading[source, stream] -= 1
        if stream == "picture":
            self._pictures.ended(source)
        self._ends[source, stream] = max(end, self._ends.get((source, stream), 0.0))
        self.chronicle.tally.reached[source] = max(end, self.chronicle.tally.reached.get(source, 0.0))
        if self.crew.readers[source].info is None:  # it was never there, and has told nobody of its end
            self._gone(source)
        for channel, kind in STREAMS.items():
            if kind == stream:
                self._advance(source, channel)

    def _seen(self, source: str, by: str, observations: tuple[Observation, ...], until: float) -> None:
        late = 0
        for observation in observations:
            late += not self._engine.observe(observation)
            self._pictures.seen(observation)
        if late:
            self._wellbeing.late(by, source, late)
        worth = tuple(o for o in observations if not (isinstance(o.value, Detections) and not len(o.value)))
        channel = self._merge.add(source, by, worth, until)
        if channel is not None:
            self._advance(source, channel)

    def _advance(self, source: str, channel: Channel) -> None:
        """Decide what the rules can decide, now that a channel has been looked at a little further."""
        until = self._merge.until(source, channel)
        stream = (source, STREAMS[channel])
        if until == FOREVER and self._reading[stream] <= 0:
            self._end(source, channel, self._ends.get(stream, 0.0))
        reader = self.crew.readers[source]
        if reader.info is not None and reader.info.live:
            lateness = self._file.allowed_lateness
            allowed = lateness.sound if channel == "sound" else lateness.picture
            until = max(until, self._times.now(source) - allowed)
        self._decide(source, channel, until)
        if self._hears_health:
            channels = {kind for kind, _ in self.crew.channels(source)}
            heard = (
                self._times.now(source)
                if reader.info is None or reader.info.live
                else min((self._merge.until(source, kind) for kind in channels), default=FOREVER)
            )
            self._decide(source, "health", heard)
        if channel == "picture":
            self._drawn(source, until)  # of a camera, what a slow detector has not looked at yet goes undrawn
        if channel != "caption":
            self.crew.pace.reached(f"{source} {channel}", self._merge.until(source, channel))

    def _decide(self, source: str, channel: Channel, until: float) -> None:
        for plain in self._engine.advance(source, channel, until):
            decision = self._times.dated(plain)
            picture = None
            if isinstance(decision, Event):
                with self.chronicle.going_on():
                    picture = self._pictures.snapshot(decision)
            self._decided.append((decision, picture))

    def _drawn(self, source: str, until: float) -> None:
        gone = self._pictures.reached(source, until)
        if gone:
            self.crew.drawn(source, gone)

    def _end(self, source: str, channel: Channel, time: float) -> None:
        """Tell the rules that a channel is over."""
        if (source, channel) not in self._closed_channels:
            self._closed_channels.add((source, channel))
            self._engine.end(source, channel, time)

    def _release(self) -> Iterator[Event]:
        """Give what is in order: of files, everything up to the time that everybody has passed."""
        reached = self._merge.files_until
        self.chronicle.observed(self._merge.ready())

        def now(source: str) -> float:
            return self._times.now(source) if self._times.live(source) else reached

        if not self._decided:
            self.chronicle.due(now)
            return
        ripe = [each for each in self._decided if each[0].end <= reached or self._times.live(each[0].source)]
        self._decided = [
            each for each in self._decided if not (each[0].end <= reached or self._times.live(each[0].source))
        ]
        ripe.sort(key=lambda each: (each[0].end, each[0].source, self._order[each[0].rule]))
        for decision, picture in ripe:
            if isinstance(decision, Event):
                at = decision.end
                self.chronicle.due(lambda source, at=at: now(source) if self._times.live(source) else at)  # type: ignore[misc]
                self.chronicle.happened(decision, picture)
                self._pictures.clip(decision)
                yield decision
            else:
                self.chronicle.nearly(decision)
        self.chronicle.due(now)

    def _tick(self) -> None:
        now = time.monotonic()
        if now - self._ticked < TICK:
            return
        self._ticked = now
        for source, reader in self.crew.readers.items():
            if self._times.live(source) and reader.opened_at:
                self._pictures.advance(source, self._times.now(source))
                for channel in {channel for channel, _ in self.crew.channels(source)}:
                    self._advance(source, channel)
                if self._hears_health:
                    self._decide(source, "health", self._times.now(source))
                self.chronicle.tally.reached[source] = self._times.now(source)
        if self._hears_health and not self._settings.strict:
            self._decide(SYSTEM, "health", self._times.now(SYSTEM))
        self._wellbeing.look_for_drops()
        self._wellbeing.look_for_silence()
        self.chronicle.flush()

    def _report(self, source: str, reached: float) -> None:
        tally = self.chronicle.tally
        if not self._times.live(source):
            tally.reached[source] = max(reached, tally.reached.get(source, 0.0))
        now = time.monotonic()
        if self._settings.on_progress and now - self._reported >= 0.1:  # noqa: PLR2004  (seconds)
            self._reported = now
            reader = self.crew.readers[source]
            duration = reader.info.duration if reader.info else None
            self._settings.on_progress(Step(source, reached, duration, reader.frames_read))

    # What goes wrong ----------------------------------------------------------------------------------------------

    def _failed(self, component: str, error: InstantReactError, sources: tuple[str, ...]) -> None:
        if self._settings.strict:
            self._fail(error)
        for source in sources:
            self._wellbeing.tell(Health("plugin_failed", str(error), source=source, by=component))
        if component in self.crew.readers:
            self._gone(component)
        for source in sources:
            channel = self._merge.leave(component, source)
            if channel is None:
                continue
            if self._merge.until(source, channel) == FOREVER:  # nobody looks any more, which is not to see nothing
                self._end(source, channel, self._times.now(source))
            self._advance(source, channel)

    def _gone(self, source: str) -> None:
        """Nothing more will be read of a source."""
        self._pictures.ended(source)
        for stream in ("picture", "sound"):
            self._reading[source, stream] = 0
            self._ends.setdefault((source, stream), self._times.now(source))
        self.crew.end_source(source)

    def _fail(self, error: InstantReactError) -> None:
        self._error = self._error or error
        self._halt()

    # Ending -------------------------------------------------------------------------------------------------------

    def _over(self) -> bool:
        if self._stop.is_set():
            self.crew.hurry()
            if self._settings.strict and self._error:
                return True
            if time.monotonic() - self._stopped_at > PATIENCE:
                return True
        return not any(self._reading.values()) and self._merge.complete and self._mail.empty()

    def _end_all(self) -> None:
        for source in self.crew.readers:
            for channel in {channel for channel, _ in self.crew.channels(source)}:
                self._reading[source, STREAMS[channel]] = 0
                self._merge.finish(source)
                self._advance(source, channel)
            self._engine.end(source, "health", self._times.now(source))
            self._decide(source, "health", FOREVER)

    def _close(self) -> None:
        self._leaving.close()
        self._stop.set()
        gone = self.crew.leave()
        self._hear_the_rest()
        try:
            self._pictures.close()
        finally:
            self.chronicle.tell_the_rest()
            self._hear_the_rest()
            self.chronicle.close(self.crew, self._how)
            self._parts.watch.stop()
            if gone and self._settings.board is None:
                self._parts.board.close()

    def _hear_the_rest(self) -> None:
        """What components said while they closed, and notifiers while they told the rest."""
        while not self._mail.empty():
            message = self._mail.get()
            if isinstance(message, Unwell):
                self._wellbeing.tell(message.health)
