"""What the sound of a source has to be."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from instantreact_sdk.interfaces import FrameSource
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.comparing import must_agree
from instantreact_sdk.testing.conformance.playing import first, informed, pictures, sounds
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.types import AudioChunk, Frame

_RATES = (16_000, 44_100)
_CHUNKS = 60
_FEW = 3
_SECONDS = 5.0
_PATIENCE = 5.0
_LEAD = 2.0
_LOUDEST = 1 + 1e-6
_OVERLAP = 1.5  # samples
_SLACK = 1.0  # seconds
_RATES_APART = 0.1  # seconds, for what resamplers hold back
_MUCH, _LITTLE = 1.5, 0.5


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a source gave at one rate, and whether that was all."""

    chunks: list[AudioChunk]
    whole: bool


@check("source", needs=("times-grow",))
def sound_and_picture_together(trial: Trial) -> None:
    """Picture and sound can be played at once, each in a thread of its own, and the picture is the same as alone.

    Why: this is how the pipeline reads them: one thread for the pictures, one for each rate that a recognizer asks for.

    To fix: give each of them a reader of its own (a file opened twice, an ffmpeg each), or a lock around what they share.
    """
    with trial.opened() as source:
        info = informed(trial, source)
        if not info.has_sound:
            raise NotApplicable("it has no sound")
        alone = list(first(pictures(trial, source)))
    with trial.opened() as source, ThreadPoolExecutor(1 + len(_RATES)) as pool:
        begun, heard = threading.Event(), threading.Event()

        def play() -> list[Frame]:
            seen: list[Frame] = []
            try:
                for count, frame in enumerate(first(pictures(trial, source)), 1):
                    seen.append(frame)
                    if count == 1:
                        begun.set()
                        heard.wait(_LEAD)
            finally:
                begun.set()
            return seen

        playing = pool.submit(play)
        begun.wait()
        listening = [pool.submit(_listened, trial, source, rate, heard.set) for rate in _RATES]
        together = playing.result()
        for one in listening:
            one.result()
    if not info.live:
        both = min(len(alone), len(together))  # a slow one gives fewer in the time that it has
        must_agree(alone[:both], together[:both], "the source, while its sound was played,", tolerance=0)


@check("source", needs=("sound-and-picture-together",))
def sound_fits(trial: Trial) -> None:
    """Its sound comes at the rate that was asked for, in chunks of at most a second that follow each other, within -1..1, and as long as the picture.

    Why: recognizers are made for one rate: at another one every word is lost, without an error. Rules that hear and see need
    both on one clock.

    To fix: resample in `sound(rate)` (`ffmpeg -ar RATE -ac 1 -f s16le`, a number divided by 32768), give `AudioChunk(samples, rate, time)` with
    the time counted from the first frame's zero, and cut it into chunks of `rate` samples.
    """
    with trial.opened() as source, ThreadPoolExecutor(1) as pool:
        info = informed(trial, source)
        over = threading.Event()

        def play() -> float | None:
            """When the picture ends; None where that is not known."""
            end, limit = 0.0, math.inf
            for frame in pictures(trial, source):
                end = frame.time
                if over.is_set():
                    limit = min(limit, time.monotonic() + _PATIENCE)
                if (info.live and over.is_set()) or time.monotonic() > limit:
                    return None
            return end

        playing = pool.submit(play)
        try:
            heard = {rate: _listened(trial, source, rate) for rate in _RATES}
        finally:
            over.set()
        end = playing.result()
    for rate, one in heard.items():
        _fitting(one.chunks, rate)
    if end is not None and all(one.whole for one in heard.values()):
        _as_long(heard, end + 1 / (info.fps or 1))


def _listened(trial: Trial, source: FrameSource, rate: int, told: Callable[[], None] = lambda: None) -> _Heard:
    """What it gives at a rate, a minute at most; tells when the first chunk is there, or none comes."""
    chunks: list[AudioChunk] = []
    until = time.monotonic() + _SECONDS
    try:
        for chunk in sounds(trial, source, rate):
            chunks.append(chunk)
            told()
            if len(chunks) >= _CHUNKS or (len(chunks) >= _FEW and time.monotonic() > until):
                return _Heard(chunks, whole=False)
    finally:
        told()
    return _Heard(chunks, whole=True)


def _fitting(chunks: list[AudioChunk], rate: int) -> None:
    if not chunks:
        raise CheckFailed(f"info.has_sound is True, and sound({rate}) gave nothing")
    last = -math.inf  # the first may lie before the first picture
    for number, chunk in enumerate(chunks):
        named = f"chunk {number} of sound({rate})"
        if chunk.rate != rate:
            raise CheckFailed(f"{named} has {chunk.rate} samples a second")
        if not 0 < len(chunk.samples) <= rate:
            raise CheckFailed(f"{named} has {len(chunk.samples)} samples, not 1 to {rate}: a second at most")
        if not math.isfinite(chunk.time) or chunk.time < last - _OVERLAP / rate:
            raise CheckFailed(f"{named} begins at {chunk.time:g} s, before {last:g} s")
        loudest = float(np.abs(chunk.samples).max())
        if not loudest <= _LOUDEST:  # NaN is not, either
            raise CheckFailed(f"{named} has a sample of {loudest:g}, not inside -1..1")
        last = chunk.end


def _as_long(heard: dict[int, _Heard], picture: float) -> None:
    """Raise `CheckFailed` where it is much shorter or longer than the picture, or its length depends on the rate."""
    lengths = {rate: sum(chunk.duration for chunk in one.chunks) for rate, one in heard.items()}
    low, high = min(lengths.values()), max(lengths.values())
    if high - low > _RATES_APART + 0.02 * high:
        told = " and ".join(f"{seconds:.2f} s at a rate of {rate}" for rate, seconds in lengths.items())
        raise CheckFailed(f"it gives {told}")
    end = max(one.chunks[-1].end for one in heard.values())
    if high > _MUCH * picture + _SLACK or end < _LITTLE * picture - _SLACK:
        raise CheckFailed(f"it gives {high:.2f} s of sound, up to {end:.2f} s, for {picture:.2f} s of picture")
