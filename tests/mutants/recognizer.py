"""What breaks the promises of a recognizer."""

from __future__ import annotations

import http.client
import json
import math
from dataclasses import replace

import numpy as np

from instantreact_sdk import (
    AudioChunk,
    AudioRecognizer,
    Capabilities,
    Options,
    PluginError,
    SoundEvent,
    Transcript,
    TransientError,
    Word,
)
from instantreact_sdk.testing import Answer, Case, HttpFake, media
from mutants.mutant import Mutant

RATE = 8000
LOUD = 0.2


def beeps(rate=RATE, time=0.0):
    """A beep of a fifth of a second in each half second, three times."""
    parts = (media.silence(0.3, rate, time=time), media.tone(440, 0.2, rate))
    return media.joined(parts * 3)


class BeepOptions(Options):
    voice: str = "low"
    """Whom to listen to."""


class Beeps(AudioRecognizer):
    """A healthy recognizer: it hears beeps, and takes each for a word."""

    sample_rate = RATE
    max_seconds = 5.0

    @staticmethod
    def check(folder):
        yield Case(inputs=[beeps(), beeps(time=60.0)], broken=[{"voice": "unknown"}])

    def __init__(self, options: BeepOptions):
        self.options = options

    def open(self, context):
        if self.options.voice == "unknown":
            raise PluginError("There is no voice called unknown.", "Check `voice`.")

    def recognize(self, chunk):
        if not len(chunk.samples):
            return []
        loud = np.convolve(np.abs(chunk.samples) > LOUD, np.ones(33), "same")[: len(chunk.samples)] > 0
        steps = chunk.time + np.flatnonzero(np.diff(loud, prepend=False, append=False)) / chunk.rate
        return self.told(chunk, list(zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True)))

    def told(self, chunk, times):
        if not times:
            return []
        words = tuple(Word("beep", start, end, 0.9) for start, end in times)
        text = " ".join(word.text for word in words)
        said = Transcript(text, times[0][0], times[-1][1], 0.9, words)
        return [said, *(SoundEvent("beep", 0.8, start, end) for start, end in times)]


class Simple(AudioRecognizer):
    """Healthy as well: it has no case, and tells of a whole chunk."""

    sample_rate = RATE

    def recognize(self, chunk):
        peak = float(np.abs(chunk.samples).max(initial=0))
        label = "silence" if peak < LOUD else "noise"
        return [SoundEvent(label, min(1.0, peak), chunk.time, chunk.end)]


class NoRate(Beeps):
    sample_rate = None


class RateInWords(Simple):
    sample_rate = "16k"


class NoLength(Simple):
    max_seconds = None


class RateInKilohertz(Beeps):
    sample_rate = 8


class RateAsFloat(Beeps):
    sample_rate = 8000.0


class NoEnd(Beeps):
    max_seconds = math.inf


class CaseAtAnotherRate(Beeps):
    @staticmethod
    def check(folder):
        yield Case(inputs=[beeps(16_000)])


class CaseTooLong(Beeps):
    max_seconds = 1.0


class NeedsSamples(Beeps):
    def recognize(self, chunk):
        assert chunk.samples[0] <= 1
        return super().recognize(chunk)


class Normalizes(Beeps):
    def recognize(self, chunk):
        if len(chunk.samples):
            self.gain = 1 / float(np.abs(chunk.samples).max())
        return super().recognize(chunk)


class TakesLess(Beeps):
    def recognize(self, chunk):
        if chunk.duration > 4:
            raise PluginError("The service takes four seconds.", "Send less.")
        return super().recognize(chunk)


class CountsMilliseconds(Beeps):
    def told(self, chunk, times):
        return super().told(
            chunk, [(chunk.time + 1000 * (a - chunk.time), chunk.time + 1000 * (b - chunk.time)) for a, b in times]
        )


class EndsBeforeItBegins(Beeps):
    def told(self, chunk, times):
        return [SoundEvent("beep", 0.8, end, start) for start, end in times]


class LastsForDuration(Beeps):
    """It took the length of a word for its end."""

    def told(self, chunk, times):
        return [SoundEvent("beep", 0.8, start, chunk.time + (end - start)) for start, end in times]


class WordsOutside(Beeps):
    def told(self, chunk, times):
        said = super().told(chunk, times)
        return [replace(one, end=one.words[0].end) if isinstance(one, Transcript) else one for one in said]


class WordsInAnyOrder(Beeps):
    def told(self, chunk, times):
        said = super().told(chunk, times)
        return [replace(one, words=one.words[::-1]) if isinstance(one, Transcript) else one for one in said]


class ForgetsTheTime(Beeps):
    def recognize(self, chunk):
        return super().recognize(AudioChunk(chunk.samples, chunk.rate, 0.0))


class ForgetsTheTimeOfWords(Beeps):
    def told(self, chunk, times):
        said = super().told(chunk, times)
        return [self.late(one, chunk.time) if isinstance(one, Transcript) else one for one in said]

    def late(self, said, time):
        words = [Word(word.text, max(0.0, word.start - time), word.end - time, 0.9) for word in said.words]
        return replace(said, words=tuple(words)) if time == 1000.0 else said


class AddsTheTimeTwice(Beeps):
    def told(self, chunk, times):
        return super().told(chunk, [(start + chunk.time, end + chunk.time) for start, end in times])


class GoesOnFromBefore(Beeps):
    """It keeps its decoder: the first words of a chunk are the last ones of the chunk before."""

    def open(self, context):
        super().open(context)
        self.before = ""

    def told(self, chunk, times):
        said = super().told(chunk, times)
        text, self.before = self.before, "beep" if len(times) == 3 else "crackle"
        return [replace(one, text=f"{text} {one.text}".strip()) if isinstance(one, Transcript) else one for one in said]


class ListensForARise(Beeps):
    """It compares with the level at the end of the chunk before, so that a beep after a loud chunk is none."""

    def open(self, context):
        super().open(context)
        self.level = 0.0

    def told(self, chunk, times):
        rises = abs(chunk.samples[0]) > self.level
        self.level = abs(chunk.samples[-1])
        return super().told(chunk, [one for one in times if one[0] > chunk.time or rises])


class MakesThingsUp(Beeps):
    def recognize(self, chunk):
        if len(chunk.samples) and not chunk.samples.any():
            return [Transcript("Thank you for watching.", chunk.time, chunk.end)]
        return super().recognize(chunk)


class AlwaysBackground(Beeps):
    def recognize(self, chunk):
        return [SoundEvent("background", 0.5, chunk.time, chunk.end), *super().recognize(chunk)]


class EmptyText(Beeps):
    def recognize(self, chunk):
        return [Transcript("", chunk.time, chunk.end), *super().recognize(chunk)]


class LabelWithALineEnd(Beeps):
    def told(self, chunk, times):
        return [SoundEvent("beep\n", 0.8, start, end) for start, end in times]


class LatinForUtf8(Beeps):
    def told(self, chunk, times):
        return (
            [Transcript("bip aigu".encode("latin-1").decode() + b"\xe9".decode(errors="replace"), *times[0])]
            if times
            else []
        )


class WordWithASpace(Beeps):
    def told(self, chunk, times):
        return [Transcript("beep", *times[0], 0.9, (Word(" beep", *times[0]),))] if times else []


class ForeignError(Beeps):
    def open(self, context):
        {"low": 100.0}[self.options.voice]


class FailsWithoutAWord(Beeps):
    def open(self, context):
        self.deaf = self.options.voice == "unknown"

    def recognize(self, chunk):
        return [] if self.deaf else super().recognize(chunk)


class RemoteOptions(Options):
    port: int
    """Where the service listens."""


class Remote(AudioRecognizer):
    """A healthy recognizer that has a service listen, as many do: what it sends is sound, and much of it."""

    sample_rate = RATE
    max_seconds = 20.0
    needs = Capabilities(network=True, sends=("sound",))

    @staticmethod
    def check(folder):
        with HttpFake(lambda _: Answer.json({"text": "help"})) as fake:
            yield Case(options={"port": int(fake.url.rpartition(":")[2])}, inputs=[media.noise(20.0, RATE)], fake=fake)

    def __init__(self, options: RemoteOptions):
        self.options = options

    def recognize(self, chunk):
        if not chunk.samples.any():
            return []
        service = http.client.HTTPConnection("127.0.0.1", self.options.port, timeout=0.5)
        try:
            service.request("POST", "/speech", chunk.samples.tobytes())
            return self.understood(service.getresponse(), chunk)
        except OSError as error:
            return self.failed(error)
        finally:
            service.close()

    def understood(self, answer, chunk):
        if answer.status != http.HTTPStatus.OK:
            raise PluginError(f"The service answered {answer.status}.")
        return [Transcript(json.load(answer)["text"], chunk.time, chunk.end)]

    def failed(self, error):
        raise TransientError("The service cannot be reached.") from error


class BelievesEveryAnswer(Remote):
    def understood(self, answer, chunk):
        return [Transcript(json.load(answer)["text"], chunk.time, chunk.end)]


class HearsNothingWhenCutOff(Remote):
    def failed(self, error):
        return []


class GivesUpForGood(Remote):
    down = False

    def recognize(self, chunk):
        if self.down:
            raise TransientError("The service was down.")
        return super().recognize(chunk)

    def failed(self, error):
        self.down = True
        return super().failed(error)


class TellsThatItIsCutOff(Remote):
    """A healthy one that goes on without its service, and says so."""

    def open(self, context):
        self.context = context

    def failed(self, error):
        self.context.health("offline", "The service cannot be reached.")
        return []


HEALTHY = [Beeps, Simple, Remote, TellsThatItIsCutOff]
MUTANTS = [
    Mutant("service-failures-are-told", BelievesEveryAnswer, "JSONDecodeError"),
    Mutant("service-failures-are-told", HearsNothingWhenCutOff, "'refused' it answered as if nothing had happened"),
    Mutant("service-failures-are-told", GivesUpForGood, "once the failure 'refused' was over"),
    Mutant("declares-its-sound", NoRate, "sample_rate is None"),
    Mutant("declares-its-sound", RateInWords, "sample_rate is '16k'"),
    Mutant("declares-its-sound", NoLength, "max_seconds is None"),
    Mutant("declares-its-sound", RateInKilohertz, "sample_rate is 8, no whole number of 4000 to 192000"),
    Mutant("declares-its-sound", RateAsFloat, "sample_rate is 8000.0"),
    Mutant("declares-its-sound", NoEnd, "max_seconds is inf"),
    Mutant("declares-its-sound", CaseAtAnotherRate, "1.5 s at a rate of 16000, and it declares 5 s at 8000"),
    Mutant("declares-its-sound", CaseTooLong, "1.5 s at a rate of 8000, and it declares 1 s"),
    Mutant("awkward-sounds", NeedsSamples, "on no samples at all, recognize raised IndexError"),
    Mutant("awkward-sounds", Normalizes, "on silence, recognize raised ZeroDivisionError"),
    Mutant(
        "awkward-sounds",
        TakesLess,
        "The service takes four seconds",
    ),
    Mutant("times-lie-inside", CountsMilliseconds, "in a chunk from 0 to 1.5 s"),
    Mutant("times-lie-inside", EndsBeforeItBegins, "ends before that"),
    Mutant("times-lie-inside", LastsForDuration, "ends before that"),
    Mutant("words-lie-inside", WordsOutside, "the word 'beep' lasts from"),
    Mutant("words-lie-inside", WordsInAnyOrder, "comes after 'beep'"),
    Mutant("times-follow-the-chunk", ForgetsTheTime, "start 0.29825 instead of 1000.29825"),
    Mutant("times-follow-the-chunk", ForgetsTheTimeOfWords, "1000 s later"),
    Mutant("times-follow-the-chunk", AddsTheTimeTwice, "1000 s later"),
    Mutant("chunks-are-independent", GoesOnFromBefore, "in another order"),
    Mutant("chunks-are-independent", ListensForARise, "a chunk that begins loud after loud noise"),
    Mutant(
        "silence-says-nothing", MakesThingsUp, "it heard the transcript 'Thank you for watching.' in 2 s of silence"
    ),
    Mutant("silence-says-nothing", AlwaysBackground, "it heard the sound 'background'"),
    Mutant("texts-can-be-read", EmptyText, "a text is empty"),
    Mutant("texts-can-be-read", LabelWithALineEnd, r"'beep\n', has the character '\n'"),
    Mutant("texts-can-be-read", LatinForUtf8, r"'\ufffd'"),
    Mutant("texts-can-be-read", WordWithASpace, "ends or begins with a space"),
    Mutant("broken-options-are-told", ForeignError, "open raised KeyError: 'unknown'"),
    Mutant("broken-options-are-told", FailsWithoutAWord, "it opens and works with number 0 (`voice`)"),
]
