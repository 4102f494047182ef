"""Looking at a source for a few seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Timer
from typing import Any

from pydantic import ValidationError

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Context, FrameSource, redacted
from instantreact_sdk.pipeline.caller import Caller
from instantreact_sdk.pipeline.guard import CALL_LIMIT, Who
from instantreact_sdk.registry import Choice, discover
from instantreact_sdk.types import Frame, HealthKind, SourceInfo

_PATIENCE = 20.0
"""Seconds within which a first picture, or the cause why there is none, has to come."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a source.

    Attributes:
        url: The address, without secrets.
        source: The id of the component that reads it.
        info: What the source says of itself.
        frames: Pictures that came.
        fps: Pictures a second by their times, those included that came while nobody looked; None with fewer than two.
        lag: Seconds between taking and getting a picture, the median; live sources only.
        health: What the source told meanwhile.
        last: The newest picture.
    """

    url: str
    source: str
    info: SourceInfo
    frames: int
    fps: float | None
    lag: float | None
    health: tuple[tuple[HealthKind, str], ...]
    last: Frame

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "url": self.url,
            "source": self.source,
            "live": self.info.live,
            "width": self.last.width,
            "height": self.last.height,
            "frames": self.frames,
            "fps": self.fps and round(self.fps, 3),
            "stated_fps": self.info.fps,
            "codec": self.info.codec or None,
            "duration": self.info.duration,
            "sound": self.info.has_sound,
            "lag": self.lag and round(self.lag, 3),
            "health": [{"kind": kind, "detail": detail} for kind, detail in self.health],
        }


def look_at(url: str, seconds: float) -> Look:
    """Open an address and read from it for some seconds; of a file, for as many seconds of it.

    Args:
        url: A file, a folder, the number of a webcam, a camera's address; or ``env:NAME`` or ``file:PATH`` that hold it.
        seconds: How long to read.

    Raises:
        InstantReactError: IR3xxx, it cannot be read, with the cause; IR3035, no picture came in time; IR3039, it hangs;
            IR2xxx, nothing reads such an address, or what does is broken.
    """
    choice = _choice(url)
    source = choice.make(_options(choice, url))
    assert isinstance(source, FrameSource), "the registry gives sources for sources"
    seen = _Seen(seconds)
    caller = Caller(Who(choice.id, choice.plugin))
    with _explaining(redacted(url), choice), caller.opened(source, seen.context, seen.stop):
        caller.call("frames", lambda: seen.read(source), seen.patience + seconds + CALL_LIMIT)
        if seen.last is None:
            problem = caller.call("problem", lambda: source.problem, CALL_LIMIT)
            raise problem or InstantReactError("IR3035", url=redacted(url), limit=seen.patience)
        info = caller.call("info", lambda: source.info, CALL_LIMIT)
        told = tuple(seen.health)
        return Look(redacted(url), choice.id, info, seen.count, seen.fps, seen.lag, told, seen.last)


class _Seen:
    """Reads for a while, and keeps what there is to tell."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.patience = max(seconds, _PATIENCE)
        self.stop = Event()
        self.context = Context(name="probe", health=self._told, stop=self.stop)
        self.health: list[tuple[HealthKind, str]] = []
        self.count = 0
        self.first: Frame | None = None
        self.last: Frame | None = None
        self._lags: list[float] = []

    def read(self, source: FrameSource) -> None:
        """Read for so many seconds from the first picture on, by the clock and by the pictures' own times."""
        timer = self._stop_in(self.patience)
        try:
            for frame in source.frames():
                if self.first is None:
                    self.first = frame
                    timer.cancel()
                    timer = self._stop_in(self.seconds)
                self.last = frame
                self.count += 1
                if frame.wall:
                    self._lags.append((self.context.clock.now() - frame.wall).total_seconds())
                if frame.time - self.first.time >= self.seconds:
                    break
        finally:
            timer.cancel()

    def _stop_in(self, seconds: float) -> Timer:
        timer = Timer(seconds, self.stop.set)
        timer.daemon = True
        timer.start()
        return timer

    def _told(self, kind: HealthKind, detail: str) -> None:
        self.health.append((kind, detail))
        if kind == "offline" and self.first is None:
            self.stop.set()  # the cause is known, and who probes wants to know it now

    @property
    def fps(self) -> float | None:
        if not self.first or not self.last or self.last.time <= self.first.time:
            return None
        return (self.last.index - self.first.index) / (self.last.time - self.first.time)

    @property
    def lag(self) -> float | None:
        return median(self._lags) if self._lags else None


def _choice(url: str) -> Choice:
    registry = discover()
    found = registry.source_for(url)
    if found is None:
        if "://" in url:
            raise InstantReactError("IR3006", scheme=url.partition("://")[0])
        raise InstantReactError("IR6012", video=redacted(url))
    return registry.resolve("source", found, Path())


def _options(choice: Choice, url: str) -> Any:
    try:
        return choice.options_type()(url=url)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise InstantReactError("IR3037", url=redacted(url), problem=problem) from None


@contextmanager
def _explaining(url: str, choice: Choice) -> Iterator[None]:
    """Here there is no pipeline file, of which errors of components at work speak."""
    try:
        yield
    except InstantReactError as error:
        if error.code != "IR4002":
            raise
        facts = {"call": error.facts["call"], "limit": error.facts["limit"], "plugin": choice.plugin}
        raise InstantReactError("IR3039", url=url, **facts) from None
