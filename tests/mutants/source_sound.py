"""What breaks the promises of a source about its sound."""

from __future__ import annotations

import numpy as np

from instantreact_sdk import AudioChunk, SourceInfo
from mutants.mutant import Mutant
from mutants.source import FPS, HEIGHT, WIDTH, Film


class OneAtATime(Film):
    busy = False

    def frames(self):
        self.busy = True
        try:
            yield from super().frames()
        finally:
            self.busy = False

    def sound(self, rate):
        if self.busy:
            raise RuntimeError("the file is being read")
        return super().sound(rate)


class SeeksForItsSound(Film):
    at = 0

    def frames(self):
        self.at = 0
        while self.at < self.count and self.playing and not self.context.stop.is_set():
            index, self.at = self.at, self.at + 1
            if self.context.wants(index / FPS):
                yield self.frame(index)

    def sound(self, rate):
        self.at += 5
        return super().sound(rate)


class SingsUnannounced(Film):
    @property
    def info(self):
        return SourceInfo(width=WIDTH, height=HEIGHT, live=False, fps=FPS)


class AnnouncesSilence(Film):
    def sound(self, rate):
        return iter(())


class OneRate(Film):
    def chunk(self, second, rate):
        return super().chunk(second, 44_100)


class CallsItTheRateAskedFor(Film):
    def chunk(self, second, rate):
        count = min(8000, rate)
        return AudioChunk(super().chunk(second, rate).samples[:count], rate, second * count / rate)


class AllAtOnce(Film):
    def sound(self, rate):
        yield AudioChunk(np.zeros(3 * rate, np.float32), rate, 0.0)


class AllAtZero(Film):
    def chunk(self, second, rate):
        return AudioChunk(super().chunk(second, rate).samples, rate, 0.0)


class Integers(Film):
    def chunk(self, second, rate):
        return AudioChunk(super().chunk(second, rate).samples * 32767, rate, float(second))


class SilentAfterAWhile(Film):
    count = 60

    def sound(self, rate):
        yield self.chunk(0, rate)


HEALTHY = []
MUTANTS = [
    Mutant("sound-and-picture-together", OneAtATime, "sound raised RuntimeError: the file is being read"),
    Mutant("sound-and-picture-together", SeeksForItsSound, "while its sound was played"),
    Mutant("info-is-sane", SingsUnannounced, "info.has_sound is False, and sound gave a chunk"),
    Mutant("sound-fits", AnnouncesSilence, "gave nothing"),
    Mutant("sound-fits", OneRate, "has 44100 samples a second"),
    Mutant("sound-fits", CallsItTheRateAskedFor, "at a rate of 44100"),
    Mutant("sound-fits", AllAtOnce, "48000 samples, not 1 to 16000"),
    Mutant("sound-fits", AllAtZero, "begins at 0 s, before 1 s"),
    Mutant("sound-fits", Integers, "not inside -1..1"),
    Mutant("sound-fits", SilentAfterAWhile, "1.00 s of sound"),
]
