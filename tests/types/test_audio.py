"""A stretch of sound."""

from __future__ import annotations

import numpy as np
import pytest

from instantreact_sdk import AudioChunk, InstantReactError


def test_a_chunk_lasts_as_long_as_its_samples():
    chunk = AudioChunk(np.zeros(4000, np.float32), 16000, time=1.5)
    assert (chunk.duration, chunk.end) == (0.25, 1.75)
    assert AudioChunk(np.zeros(0, np.float32), 16000, time=1.5).end == 1.5


@pytest.mark.parametrize("start", [0, 10])
def test_nobody_can_write_to_its_samples(start):
    buffer = np.zeros(100, np.float32)
    given = buffer[start:] if start else buffer
    chunk = AudioChunk(given, 16000, 0.0)
    assert np.shares_memory(chunk.samples, given)
    with pytest.raises(ValueError, match="read-only"):
        given[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        chunk.samples[0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        chunk.samples.flags.writeable = True


@pytest.mark.parametrize(
    ("samples", "named"),
    [
        ([0.0, 0.5], "a list"),
        (None, "a NoneType"),
        (np.zeros(10), r"float64 \(10,\)"),
        (np.zeros(10, np.int16), r"int16 \(10,\)"),
        (np.zeros((10, 2), np.float32), r"float32 \(10, 2\)"),
    ],
)
def test_what_is_no_mono_sound_is_refused(samples, named):
    with pytest.raises(InstantReactError, match=f"^IR4011: AudioChunk.samples has to be .*, and is {named}\\."):
        AudioChunk(samples, 16000, 0.0)
