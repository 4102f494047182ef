"""What breaks the promises of a source."""

from __future__ import annotations

import math
import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import numpy as np

from instantreact_sdk import AudioChunk, Frame, FrameSource, Options, PluginError, SourceInfo
from instantreact_sdk.testing import Case
from mutants.mutant import Mutant

FPS = 10.0
WIDTH, HEIGHT = 32, 24


def picture(number):
    """Another one for each number."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[:, : 1 + number % WIDTH] = 50 + number % 200
    return pixels


class FilmOptions(Options):
    reel: str = "three seconds"
    """Which film."""


class Film(FrameSource):
    """A healthy source: some seconds of pictures and sound, made when they are asked for."""

    count = 30

    @staticmethod
    def check(folder):
        yield Case(broken=[{"reel": "missing"}])

    def __init__(self, options: FilmOptions):
        self.options = options
        self.playing = False

    def open(self, context):
        if self.options.reel == "missing":
            raise PluginError("There is no reel called missing.", "Check `reel`.")
        self.context = context
        self.playing = True

    def close(self):
        self.playing = False

    @property
    def info(self):
        return SourceInfo(
            width=WIDTH, height=HEIGHT, live=False, fps=FPS, duration=self.count / FPS, has_sound=True, codec="none"
        )

    def frames(self):
        for index in range(self.count):
            if not self.playing or self.context.stop.is_set():
                return
            if self.context.wants(index / FPS):
                yield self.frame(index)

    def frame(self, index):
        return Frame(picture(index), time=index / FPS, index=index)

    def sound(self, rate):
        for second in range(math.ceil(self.count / FPS)):
            if not self.playing or self.context.stop.is_set():
                return
            yield self.chunk(second, rate)

    def chunk(self, second, rate):
        samples = np.sin(np.arange(rate) / rate * 440 * 2 * np.pi).astype(np.float32)
        return AudioChunk(samples, rate, float(second))


class Camera(FrameSource):
    """A healthy live source: a picture now and then, until it is told to stop."""

    def __init__(self, options):
        self.closed = threading.Event()

    def open(self, context):
        self.context = context
        self.closed.clear()
        self.began = context.clock.monotonic()

    def close(self):
        self.closed.set()

    @property
    def info(self):
        return SourceInfo(width=WIDTH, height=HEIGHT, live=True)

    def frames(self):
        index = 0
        while not self.over():
            now = self.context.clock.monotonic() - self.began
            yield Frame(picture(index), time=now, index=index, wall=self.wall())
            index += 1

    def over(self):
        return self.context.stop.wait(0.001) or self.closed.is_set()

    def wall(self):
        return self.context.clock.now()


class Lists(Film):
    """Healthy as well: nobody asks for more than an iterable, or for `wants` to be looked at."""

    def frames(self):
        return [self.frame(index) for index in range(15)]

    def sound(self, rate):
        return ()

    @property
    def info(self):
        return SourceInfo(width=WIDTH, height=HEIGHT, live=False)


class Empty(Film):
    def frames(self):
        return iter(())


class SwapsSizes(Film):
    @property
    def info(self):
        return SourceInfo(width=HEIGHT, height=WIDTH, live=False, has_sound=True)


class BelievesTheHeader(Film):
    @property
    def info(self):
        return SourceInfo(width=WIDTH, height=HEIGHT, live=False, fps=0.0, duration=math.nan)


class NumpyFigures(Film):
    @property
    def info(self):
        return SourceInfo(width=np.int32(WIDTH), height=np.int32(HEIGHT), live=False)


class LearnsItsSizeLate(Film):
    width = 0

    def open(self, context):
        super().open(context)
        self.width = 0

    @property
    def info(self):
        return SourceInfo(width=self.width, height=HEIGHT, live=False)

    def frame(self, index):
        self.width = WIDTH
        return super().frame(index)


class EndlessWithAnEnd(Camera):
    @property
    def info(self):
        return SourceInfo(width=WIDTH, height=HEIGHT, live=True, duration=10.0)


class RunsBackwards(Film):
    """As a film with B-frames does whose frames are taken in the order of decoding."""

    def frame(self, index):
        time = (index - 2 if index % 3 == 2 else index + 1 if index else 0) / FPS
        return Frame(picture(index), time=max(0.0, time), index=index)


class StandsStill(Film):
    def frame(self, index):
        return Frame(picture(index), time=0.0, index=index)


class BeginsBeforeZero(Film):
    def frame(self, index):
        return Frame(picture(index), time=(index - 2) / FPS, index=index)


class CountsMilliseconds(Film):
    @property
    def info(self):
        return SourceInfo(width=WIDTH, height=HEIGHT, live=False, fps=FPS)

    def sound(self, rate):
        return iter(())

    def frames(self):
        for index in range(self.count):
            if not self.playing or self.context.stop.is_set():
                return
            if self.context.wants(1000 * index / FPS):
                yield Frame(picture(index), time=1000 * index / FPS, index=index)


class CountsFromTheEpoch(Camera):
    def open(self, context):
        super().open(context)
        self.began = -time.time() + time.monotonic()


class CountsFromOne(Film):
    def frame(self, index):
        return Frame(picture(index), time=index / FPS, index=index + 1)


class NeverCounts(Film):
    def frame(self, index):
        return Frame(picture(index), time=index / FPS, index=0)


class ChangesItsSize(Film):
    def frame(self, index):
        return Frame(picture(index)[: HEIGHT // (1 + index // 20)], time=index / FPS, index=index)


class UsesOneBuffer(Film):
    def open(self, context):
        super().open(context)
        self.buffer = np.zeros((HEIGHT, WIDTH, 3), np.uint8)

    def frame(self, index):
        self.buffer[:] = picture(index)
        return Frame(self.buffer[:], time=index / FPS, index=index, order="BGR")


class DatesAFile(Film):
    def frame(self, index):
        return Frame(picture(index), time=index / FPS, index=index, wall=datetime.now(UTC))


class NoDate(Camera):
    def wall(self):
        return None


class LocalTime(Camera):
    def wall(self):
        return datetime.now(timezone(timedelta(hours=1), "WAT"))


class NoTimeZone(Camera):
    def wall(self):
        return datetime.now()  # noqa: DTZ005  (that is the mistake)


class ForeignError(Film):
    def open(self, context):
        if self.options.reel == "missing":
            raise FileNotFoundError("missing")
        super().open(context)


class HidesThatItIsMissing(Film):
    def open(self, context):
        self.context = context
        self.playing = True


class LeavesAThreadWhenItFails(Film):
    def open(self, context):
        self.ended = threading.Event()
        threading.Thread(target=self.ended.wait, name="prefetch", daemon=True).start()
        super().open(context)

    def close(self):
        if self.playing:
            self.ended.set()
        super().close()


HEALTHY = [Film, Camera, Lists]
MUTANTS = [
    Mutant("gives-frames", Empty, "without a single frame"),
    Mutant("info-is-sane", SwapsSizes, "info says 24 x 32, and the first frame has 32 x 24 pixels"),
    Mutant("info-is-sane", BelievesTheHeader, "info.fps is 0.0"),
    Mutant("info-is-sane", NumpyFigures, "info.width is"),
    Mutant("info-is-sane", LearnsItsSizeLate, "after the first frame"),
    Mutant("info-is-sane", EndlessWithAnEnd, "info.duration is 10 s"),
    Mutant("times-grow", RunsBackwards, "after one at"),
    Mutant("times-grow", StandsStill, "frame 1 has the time 0 s, after one at 0 s"),
    Mutant("times-grow", BeginsBeforeZero, "frame 0 has the time -0.2"),
    Mutant("times-are-seconds", CountsMilliseconds, "100 s apart, where 10 frames a second let expect 0.1 s"),
    Mutant("times-are-seconds", CountsFromTheEpoch, "that does not count from open"),
    Mutant("indices-grow", CountsFromOne, "the first frame has the number 1, not 0"),
    Mutant("indices-grow", NeverCounts, "a frame with the number 0 comes after number 0"),
    Mutant("frames-have-one-size", ChangesItsSize, "frame 20 has 32 x 12 pixels, the first one 32 x 24"),
    Mutant("frames-keep-their-pixels", UsesOneBuffer, "when later ones were read"),
    Mutant("only-live-frames-have-a-date", DatesAFile, "it is not live"),
    Mutant("only-live-frames-have-a-date", NoDate, "no wall-clock time"),
    Mutant("only-live-frames-have-a-date", LocalTime, "is in WAT, not in UTC"),
    Mutant("only-live-frames-have-a-date", NoTimeZone, "is in no time zone, not in UTC"),
    Mutant("broken-options-are-told", ForeignError, "open raised FileNotFoundError: missing"),
    Mutant("broken-options-are-told", HidesThatItIsMissing, "it opens and works with number 0 (`reel`)"),
    Mutant("failed-open-leaves-nothing", LeavesAThreadWhenItFails, "the thread prefetch"),
]
