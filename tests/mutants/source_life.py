"""What breaks the promises of a source about playing to its end, and no longer than it is told to."""

from __future__ import annotations

import ctypes
import threading
from dataclasses import replace

import numpy as np

from instantreact_sdk import Frame
from mutants.mutant import Mutant
from mutants.source import FPS, HEIGHT, WIDTH, Camera, Film


class BeginsAgain(Film):
    def frames(self):
        index = 0
        while self.playing and not self.context.stop.is_set():
            if self.context.wants(index / FPS):
                yield self.frame(index)
            index += 1


class GoesOnWhereItStopped(Film):
    at = 0

    def frames(self):
        while self.at < self.count and self.playing and not self.context.stop.is_set():
            self.at += 1
            if self.context.wants((self.at - 1) / FPS):
                yield self.frame(self.at - 1)


class IgnoresStop(Film):
    def frames(self):
        for index in range(self.count):
            if not self.playing:
                return
            if self.context.wants(index / FPS):
                yield self.frame(index)


class SleepsThroughStop(Camera):
    def over(self):
        return self.closed.wait(0.001)


class ForgetsItsFilm(Film):
    def close(self):
        super().close()
        self.context = None

    def frames(self):
        for index in range(self.count):
            if self.context.stop.is_set():
                return
            if self.context.wants(index / FPS):
                yield self.frame(index)


class ReadsWhatWasFreed(Film):
    """As a decoder does that is released by one thread while another one reads."""

    def frames(self):
        for index in range(self.count):
            if self.context.stop.is_set():
                return
            if not self.playing:
                ctypes.string_at(0)
            if self.context.wants(index / FPS):
                yield self.frame(index)


class WaitsForMore(Film):
    """As a queue does into which nobody puts anything any more."""

    def frames(self):
        yield from super().frames()
        if not self.playing:
            threading.Event().wait()


class GoesOnWhenClosed(Camera):
    def over(self):
        return self.context.stop.wait(0.001)


class CleansUpTwice(Film):
    def close(self):
        super().close()
        self.file = None

    def frames(self):
        self.file = threading.Event()
        try:
            yield from super().frames()
        except GeneratorExit:
            self.file.set()
            raise


class EndsItsReaderAtTheEnd(Film):
    count = 20

    def frames(self):
        ended = threading.Event()
        threading.Thread(target=ended.wait, name="reader", daemon=True).start()
        try:
            yield from super().frames()
        except GeneratorExit:
            if self.playing:
                ended.set()
            raise
        ended.set()


class CountsOnBeingWanted(Film):
    def frames(self):
        wanted = 0
        for index in range(self.count):
            if not self.playing or self.context.stop.is_set():
                return
            if self.context.wants(index / FPS):
                wanted += 1
                yield self.frame(index)
        self.wanted_one_in = self.count / wanted


class CountsTheWanted(Film):
    def frames(self):
        for index, frame in enumerate(super().frames()):
            yield Frame(frame.image, time=frame.time, index=index)


class SkipsWhatOthersAreBuiltOn(Film):
    """As a decoder does that leaves out the frames that nobody wants, and adds differences to the last one it has."""

    def frames(self):
        pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        for frame in super().frames():
            pixels = pixels + frame.image // 8
            yield Frame(pixels.copy(), time=frame.time, index=frame.index)


class CountsInsteadOfMeasuring(Film):
    @property
    def info(self):
        return replace(super().info, duration=float(self.count))


HEALTHY = []
MUTANTS = [
    Mutant("duration-is-true", CountsInsteadOfMeasuring, "info.duration is 30 s, and its last frame comes at 2.9 s"),
    Mutant("ends-by-itself", BeginsAgain, "it lasts 3 s, and still gave a frame at"),
    Mutant("starts-afresh", GoesOnWhereItStopped, "6 answers instead of 24"),
    Mutant("stops-when-told", IgnoresStop, "17 frames after `context.stop` had been set"),
    Mutant("stops-when-told", SleepsThroughStop, "after `context.stop` had been set"),
    Mutant("close-ends-playing", ForgetsItsFilm, "closed while it played, frames raised AttributeError"),
    Mutant("close-ends-playing", ReadsWhatWasFreed, "frames killed the process (SIGSEGV)"),
    Mutant("close-ends-playing", WaitsForMore, "frames did not return within 3 s"),
    Mutant("close-ends-playing", GoesOnWhenClosed, "it still gave frames 5 s after close"),
    Mutant("may-be-left-early", CleansUpTwice, "leaving frames after close raised AttributeError"),
    Mutant("may-be-left-early", EndsItsReaderAtTheEnd, "the thread reader"),
    Mutant("wants-is-optional", CountsOnBeingWanted, "frames raised ZeroDivisionError"),
    Mutant("skipping-changes-nothing", CountsTheWanted, "index 0 instead of 5"),
    Mutant("skipping-changes-nothing", SkipsWhatOthersAreBuiltOn, "other pixels"),
]
