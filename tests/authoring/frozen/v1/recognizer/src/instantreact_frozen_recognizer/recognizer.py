"""The recognizer: hears one tone."""

from __future__ import annotations

import numpy as np
from instantreact_sdk import AudioChunk, AudioRecognizer, SoundEvent

from instantreact_frozen_recognizer.options import FrozenRecognizerRecognizerOptions

WINDOW = 800
"""Samples that are judged together: 50 ms, which tells tones apart that differ by 20 Hz or more."""


class FrozenRecognizerRecognizer(AudioRecognizer):
    """Hears a tone of one frequency: one event for each stretch in which it is loud enough.

    Args:
        options: What the pipeline file sets.
    """

    sample_rate = 16_000
    max_seconds = 10.0

    def __init__(self, options: FrozenRecognizerRecognizerOptions) -> None:
        self.options = options
        # One bin of a Fourier transform; a sine of amplitude 1 in step with it gives 1.
        self._probe = 2 / WINDOW * np.exp(-2j * np.pi * options.hz / self.sample_rate * np.arange(WINDOW))

    def recognize(self, chunk: AudioChunk) -> list[SoundEvent]:
        """The tone wherever it is heard; the score is its amplitude."""
        count = len(chunk.samples) // WINDOW
        amplitudes = np.abs(chunk.samples[: count * WINDOW].reshape(count, WINDOW) @ self._probe)
        heard = amplitudes >= self.options.level
        edges = np.flatnonzero(np.diff(heard, prepend=False, append=False)).tolist()
        return [
            SoundEvent(
                "tone",
                score=min(1.0, float(amplitudes[start:stop].max())),
                start=chunk.time + start * WINDOW / self.sample_rate,
                end=chunk.time + stop * WINDOW / self.sample_rate,
            )
            for start, stop in zip(edges[::2], edges[1::2], strict=True)
        ]
