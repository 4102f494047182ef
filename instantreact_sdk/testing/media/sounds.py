"""Sounds that are known to the sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.types import AudioChunk

_SEED = 3
_SYLLABLE = 0.25  # seconds; people speak about four syllables a second
_PITCH = 120.0  # hertz, of a man's voice
_MELODY = 0.1  # how far the pitch rises and falls, as a fraction
_PHRASE = 1.3  # seconds in which it does
_HIGHEST = 4000.0  # hertz
_VOWELS = ((730.0, 1090.0, 2440.0), (270.0, 2290.0, 3010.0), (570.0, 840.0, 2410.0), (300.0, 870.0, 2240.0))
"""The first three formants of a, i, o and u, of men, in hertz (Peterson and Barney 1952, table II)."""
_LOUDNESS = (1.0, 0.5, 0.2)  # of the formants
_BANDWIDTHS = (80.0, 100.0, 150.0)  # of the formants, in hertz


def tone(hz: float, seconds: float = 1.0, rate: int = 16_000, *, level: float = 0.5, time: float = 0.0) -> AudioChunk:
    """A sine: sample `n` is ``level * sin(2 * pi * hz * n / rate)``.

    Args:
        hz: Its frequency.
        seconds: Its length, rounded to whole samples.
        rate: Samples per second.
        level: Its amplitude, in 0..1; the root mean square is ``level / sqrt(2)``.
        time: Start, in seconds since the source's ``open()``.
    """
    return _chunk(level * np.sin(2 * np.pi * hz * _clock(seconds, rate)), rate, time)


def silence(seconds: float = 1.0, rate: int = 16_000, *, time: float = 0.0) -> AudioChunk:
    """Zeros. Arguments are those of `tone`."""
    return _chunk(np.zeros(round(seconds * rate)), rate, time)


def noise(seconds: float = 1.0, rate: int = 16_000, *, level: float = 0.1, time: float = 0.0) -> AudioChunk:
    """White noise, evenly spread over ``-level..level``, the same in each run; its root mean square is ``level / sqrt(3)``.

    Other arguments are those of `tone`.
    """
    return _chunk(np.random.default_rng(_SEED).uniform(-level, level, round(seconds * rate)), rate, time)


def speech_like(seconds: float = 2.0, rate: int = 16_000, *, level: float = 0.5, time: float = 0.0) -> AudioChunk:
    """A voice that says nothing, in no language: vowels in syllables, the same in each run.

    Harmonics of a pitch that rises and falls around 120 Hz, up to 4 kHz or half the rate; shaped by the formants of a, i, o and u in turn; four
    syllables a second, silent where they meet. No recognizer has to make words of it, but what tells speech
    from other sounds may take it for speech.

    Args:
        seconds: Its length.
        rate: Samples per second, 1000 or more.
        level: Its highest amplitude, in 0..1.
        time: Start, in seconds since the source's ``open()``.
    """
    clock = _clock(seconds, rate)
    pitch = _PITCH * (1 + _MELODY * np.sin(2 * np.pi * clock / _PHRASE))
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    formants = np.array(_VOWELS)[(clock // _SYLLABLE).astype(int) % len(_VOWELS)]
    voice = np.zeros(len(clock))
    for harmonic in range(1, int(_HIGHEST / _PITCH) + 1):
        hz = harmonic * pitch
        loud = sum(
            gain / (1 + ((hz - formants[:, place]) / width) ** 2)
            for place, (gain, width) in enumerate(zip(_LOUDNESS, _BANDWIDTHS, strict=True))
        )
        voice += np.where(hz < rate / 2, loud, 0) * np.sin(harmonic * phase)
    voice *= np.sin(np.pi * clock / _SYLLABLE) ** 2
    return _chunk(voice * (level / np.abs(voice).max(initial=1e-9)), rate, time)


def joined(chunks: Sequence[AudioChunk]) -> AudioChunk:
    """Sounds one after the other, as one that begins when the first does.

    Args:
        chunks: At least one, all of one rate; their own times do not matter, but the first's.

    Raises:
        InstantReactError: IR4011, the rates differ.
    """
    rates = sorted({chunk.rate for chunk in chunks})
    if len(rates) > 1:
        got = ", ".join(str(rate) for rate in rates)
        raise InstantReactError("IR4011", what="The rate of chunks to join", wanted="one", got=got)
    samples = np.concatenate([chunk.samples for chunk in chunks])
    return AudioChunk(samples, chunks[0].rate, chunks[0].time, chunks[0].source)


def _clock(seconds: float, rate: int) -> NDArray[np.float64]:
    return np.arange(round(seconds * rate)) / rate


def _chunk(samples: NDArray[np.float64], rate: int, time: float) -> AudioChunk:
    return AudioChunk(samples.astype(np.float32), rate, time)
