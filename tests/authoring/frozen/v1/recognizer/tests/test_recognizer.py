"""What the recognizer hears."""

from __future__ import annotations

import numpy as np
import pytest
from instantreact_sdk import AudioChunk, SoundEvent
from numpy.typing import NDArray

from instantreact_frozen_recognizer.options import FrozenRecognizerRecognizerOptions
from instantreact_frozen_recognizer.recognizer import FrozenRecognizerRecognizer

RATE = FrozenRecognizerRecognizer.sample_rate


def recognize(samples: NDArray[np.float64]) -> list[SoundEvent]:
    options = FrozenRecognizerRecognizerOptions(hz=1000, level=0.1)
    chunk = AudioChunk(samples.astype(np.float32), RATE, time=5.0)
    return FrozenRecognizerRecognizer(options).recognize(chunk)


def tone(hz: float, seconds: float, level: float) -> NDArray[np.float64]:
    samples: NDArray[np.float64] = level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return samples


def test_a_tone_is_heard_where_it_is() -> None:
    silence = np.zeros(RATE // 2)
    (event,) = recognize(np.concatenate([silence, tone(1000, 0.25, 0.4), silence]))
    assert event.label == "tone"
    assert event.score == pytest.approx(0.4, abs=1e-4)
    assert [event.start, event.end] == pytest.approx([5.5, 5.75])


def test_a_tone_twice_is_two_events() -> None:
    silence, heard = np.zeros(RATE // 2), tone(1000, 0.25, 0.4)
    assert len(recognize(np.concatenate([heard, silence, heard]))) == 2


@pytest.mark.parametrize(("hz", "level"), [(1000, 0.09), (900, 0.9), (2000, 0.9)])
def test_a_faint_tone_or_another_one_is_not(hz: float, level: float) -> None:
    assert recognize(tone(hz, 1.0, level)) == []


def test_nothing_is_heard_in_less_than_a_window() -> None:
    assert recognize(tone(1000, 0.04, 0.9)) == []
