"""What a recognizer makes of sound."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from instantreact_sdk.interfaces import AudioRecognizer
from instantreact_sdk.testing import media
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.life import WORKS
from instantreact_sdk.testing.conformance.comparing import must_agree
from instantreact_sdk.testing.conformance.lines import blemish
from instantreact_sdk.testing.conformance.passes import must_survive
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.types import AudioChunk, SoundEvent, Transcript

Heard = Transcript | SoundEvent

DECLARES = ("declares-its-sound",)
"""What checks need that make sounds for a recognizer."""

_RATES = range(4_000, 192_001)
_NEAR = 0.01
_LATE = 1000.0
_STILLNESS = re.compile(r"silen|quiet|still|nothing|no sound", re.IGNORECASE)


@check("recognizer", needs=WORKS)
def declares_its_sound(trial: Trial) -> None:
    """`sample_rate` is a whole number of 4000 to 192000 samples a second, `max_seconds` is finite and above 0.

    Why: the pipeline asks the source for sound at this rate, and cuts it into pieces of that length before it calls.

    To fix: set both in the class, `sample_rate = 16_000` and `max_seconds = 20.0`, or in `open` where the model decides. Inputs of the
    case have to keep to them, too.
    """
    with trial.opened() as recognizer:
        rate, seconds = _declared(trial, recognizer)
        for number, chunk in enumerate(trial.work.inputs(trial, recognizer)):
            if chunk.rate != rate or chunk.duration > seconds + 1 / rate:
                raise CheckFailed(
                    f"input {number} of the case has {chunk.duration:g} s at a rate of {chunk.rate}, and it declares {seconds:g} s at {rate}"
                )
        trial.work.answers(trial, recognizer)
        if _declared(trial, recognizer) != (rate, seconds):
            raise CheckFailed("sample_rate or max_seconds changed while it worked")


@check("recognizer", needs=DECLARES)
def awkward_sounds(trial: Trial) -> None:
    """It fails on no sound: none at all, one sample, silence, clipped, offset, hardly audible, or as long as `max_seconds` allows.

    Why: microphones are unplugged, and amplifiers overload, at night as well. A recognizer that fails is quarantined.

    To fix: return `[]` where nothing is heard; look at `len(chunk.samples)` before you index or divide, and never divide
    by the loudest sample without `max(loudest, 1e-9)`.
    """
    with trial.opened() as recognizer:
        must_survive(trial, recognizer, media.awkward_sounds(*_declared(trial, recognizer)))


@check("recognizer", needs=("times-follow-the-chunk",))
def times_lie_inside(trial: Trial) -> None:
    """What it hears begins and ends inside the chunk in which it hears it, and does not end before it begins.

    Why: rules join what is heard with what is seen by these times. Services count in milliseconds or samples.

    To fix: `start=chunk.time + milliseconds / 1000`; where nothing is known, `chunk.time` and `chunk.end`.
    """
    for chunk, heard in _heard(trial):
        for one in heard:
            if one.end < one.start:
                raise CheckFailed(f"{_named(one)} begins at {one.start:g} s, and ends before that, at {one.end:g} s")
            if one.start < chunk.time - _NEAR or one.end > chunk.end + _NEAR:
                raise CheckFailed(
                    f"{_named(one)} lasts from {one.start:g} to {one.end:g} s, in a chunk from {chunk.time:g} to {chunk.end:g} s"
                )


@check("recognizer", needs=("times-lie-inside",))
def words_lie_inside(trial: Trial) -> None:
    """The words of a transcript lie inside it, in the order in which they are said.

    Why: reports show them along the time line, and subtitles are made of them.

    To fix: sort them by their start, and let the transcript begin with the first and end with the last.
    """
    transcripts = [one for _, heard in _heard(trial) for one in heard if isinstance(one, Transcript) and one.words]
    if not transcripts:
        raise NotApplicable("it tells the times of no words")
    for one in transcripts:
        for word in one.words:
            if not one.start - _NEAR <= word.start <= word.end <= one.end + _NEAR:
                raise CheckFailed(
                    f"the word {word.text!r} lasts from {word.start:g} to {word.end:g} s, in a transcript from {one.start:g} to {one.end:g} s"
                )
        for before, after in pairwise(one.words):
            if after.start < before.start:
                raise CheckFailed(
                    f"the word {after.text!r} at {after.start:g} s comes after {before.text!r} at {before.start:g} s"
                )


@check("recognizer", needs=(*DECLARES, "deterministic"))
def times_follow_the_chunk(trial: Trial) -> None:
    """The same sound a thousand seconds later gives the same, a thousand seconds later.

    Why: a chunk's samples begin at 0, its time does not. Times that forget `chunk.time` are right in the first ten seconds of a
    run, which is where everybody tests.

    To fix: add `chunk.time` to each start and end, those of words as well.
    """
    wanted = [tuple(_moved(one, _LATE) for one in heard) for _, heard in _heard(trial)]
    got = [heard for _, heard in _heard(trial, later=_LATE)]
    must_agree(wanted, got, f"the recognizer, {_LATE:g} s later,")


@check("recognizer", needs=(*DECLARES, "deterministic"))
def chunks_are_independent(trial: Trial) -> None:
    """What it hears in a chunk does not depend on the chunks before it.

    Why: one instance hears all sources in turn, so that a word of one would end up in another.

    To fix: keep nothing in `self` between calls (reset the decoder at the beginning of `recognize`); or say `stateful=True` in the
    spec, and each source gets an instance of its own.
    """
    if trial.choice.spec.stateful:
        raise NotApplicable("its spec says `stateful`")
    forwards = _heard(trial)
    with trial.opened() as recognizer:
        rate, seconds = _declared(trial, recognizer)
        trial.work.answers(trial, recognizer, [media.noise(min(1.0, seconds), rate)])
        backwards = trial.work.answers(trial, recognizer, [chunk for chunk, _ in reversed(forwards)])
    alone = [heard for _, heard in forwards]
    must_agree(alone, backwards[::-1], "the recognizer, given the same chunks in another order,")
    # Most chunks begin in silence, which hides a level or a filter that is still that of the chunk before.
    cut = _from_its_loudest(forwards[0][0])
    with trial.opened() as recognizer:
        first = trial.work.answers(trial, recognizer, [cut])
    with trial.opened() as recognizer:
        trial.work.answers(trial, recognizer, [media.noise(min(1.0, seconds), rate, level=1.0)])
        after = trial.work.answers(trial, recognizer, [cut])
    must_agree(
        first, after, "the recognizer, given a chunk that begins loud after loud noise and not as the first one,"
    )


@check("recognizer", needs=("awkward-sounds",))
def silence_says_nothing(trial: Trial) -> None:
    """In digital silence it hears neither words nor sounds; one that names the silence itself is allowed.

    Why: models trained on speech make up words where there are none, and each would be looked at by the rules.

    To fix: `if not chunk.samples.any(): return []`. A remote service need not even be asked.
    """
    with trial.opened() as recognizer:
        rate, seconds = _declared(trial, recognizer)
        for length in (min(2.0, seconds), seconds):
            (heard,) = trial.work.answers(trial, recognizer, [media.silence(int(length * rate) / rate, rate)])
            said = [one for one in heard if _text(one).strip() and not _names_silence(one)]
            if said:
                raise CheckFailed(f"it heard {_named(said[0])} in {length:g} s of silence")


@check("recognizer", needs=WORKS)
def texts_can_be_read(trial: Trial) -> None:
    """Texts, words and labels are not empty, and have no control or replacement characters in them; words and labels no spaces around.

    Why: rules match them letter by letter, and people read them in alerts. A label with a line end never matches.

    To fix: leave out what is empty; decode as UTF-8; `line.strip()` where labels are read from a file.
    """
    seen = [one for _, heard in _heard(trial) for one in heard]
    if not seen:
        raise NotApplicable("it heard nothing in its inputs")
    for one in seen:
        if isinstance(one, Transcript):
            texts = [("a text", one.text.strip(" ")), *(("a word", word.text) for word in one.words)]
        else:
            texts = [("a label", one.label)]
        for what, text in texts:
            wrong = blemish(text)
            if wrong or not text:
                raise CheckFailed(f"{what}, {text!r}, {wrong}" if wrong else f"{what} is empty")


def _declared(trial: Trial, recognizer: AudioRecognizer) -> tuple[int, float]:
    """Rate and length that it takes."""
    with trial.calling("sample_rate and max_seconds"):
        rate, seconds = recognizer.sample_rate, recognizer.max_seconds
    if type(rate) is not int or rate not in _RATES:
        raise CheckFailed(f"sample_rate is {rate!r}, no whole number of {_RATES.start} to {_RATES.stop - 1}")
    if not isinstance(seconds, int | float) or not 1 / rate <= seconds < math.inf:
        raise CheckFailed(f"max_seconds is {seconds!r}, no finite number above 0")
    return rate, float(seconds)


def _heard(trial: Trial, later: float = 0.0) -> list[tuple[AudioChunk, Sequence[Heard]]]:
    """Ordinary inputs, some seconds later perhaps, with what a new instance hears in each."""
    with trial.opened() as recognizer:
        chunks = [replace(chunk, time=chunk.time + later) for chunk in trial.work.inputs(trial, recognizer)]
        return list(zip(chunks, trial.work.answers(trial, recognizer, chunks), strict=True))


def _from_its_loudest(chunk: AudioChunk) -> AudioChunk:
    """The end of a chunk, from its loudest sample on; half of it at least."""
    samples = chunk.samples
    start = min(int(np.abs(samples).argmax()), len(samples) // 2) if len(samples) else 0
    return replace(chunk, samples=samples[start:], time=chunk.time + start / chunk.rate)


def _moved(one: Heard, by: float) -> Heard:
    """The same at another time."""
    if isinstance(one, SoundEvent):
        return replace(one, start=one.start + by, end=one.end + by)
    words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in one.words)
    return replace(one, start=one.start + by, end=one.end + by, words=words)


def _names_silence(one: Heard) -> bool:
    """Whether it is a sound event whose name is that of no sound, which many models have."""
    return isinstance(one, SoundEvent) and bool(_STILLNESS.search(one.label))


def _text(one: Heard) -> str:
    return one.text if isinstance(one, Transcript) else one.label


def _named(one: Heard) -> str:
    return f"the transcript {one.text!r}" if isinstance(one, Transcript) else f"the sound {one.label!r}"
