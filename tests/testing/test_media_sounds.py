from __future__ import annotations

import math

import numpy as np
import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.testing import media


def rms(chunk) -> float:
    return float(np.sqrt(np.mean(chunk.samples.astype(float) ** 2)))


def share(chunk, low: float, high: float) -> float:
    """How much of the energy is between two frequencies."""
    power = np.abs(np.fft.rfft(chunk.samples.astype(float))) ** 2
    hz = np.fft.rfftfreq(len(chunk.samples), 1 / chunk.rate)
    return float(power[(hz >= low) & (hz <= high)].sum() / power.sum())


def test_a_tone_is_a_sine():
    chunk = media.tone(1000, 0.001, 8000, level=0.8, time=3.0)
    # An eighth of a turn each sample.
    half = 0.8 * math.sqrt(0.5)
    assert chunk.samples == pytest.approx([0, half, 0.8, half, 0, -half, -0.8, -half], abs=1e-6)
    assert (chunk.rate, chunk.time, chunk.end) == (8000, 3.0, 3.001)


def test_a_tone_has_the_root_mean_square_of_a_sine():
    assert rms(media.tone(440, 1.0, level=0.6)) == pytest.approx(0.6 / math.sqrt(2), rel=1e-3)


def test_silence_is_nothing_but_zeros():
    chunk = media.silence(0.5, 8000, time=2.0)
    assert (len(chunk.samples), chunk.time) == (4000, 2.0)
    assert not chunk.samples.any()


def test_noise_is_white_and_evenly_spread():
    chunk = media.noise(4.0, level=0.3)
    assert np.abs(chunk.samples).max() <= 0.3
    assert rms(chunk) == pytest.approx(0.3 / math.sqrt(3), rel=0.01)
    assert share(chunk, 0, 2000) == pytest.approx(0.25, abs=0.02)


def test_sounds_are_the_same_every_time():
    assert np.array_equal(media.noise().samples, media.noise().samples)
    assert np.array_equal(media.speech_like().samples, media.speech_like().samples)


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_speech_has_its_energy_where_voices_have_it(rate):
    speech = media.speech_like(2.0, rate)
    assert len(speech.samples) == 2 * rate
    assert np.abs(speech.samples).max() == pytest.approx(0.5)
    assert rms(speech) > 0.05
    # Above the pitch's lowest, 120 Hz less a tenth, and below 4 kHz and another tenth: the rest is the syllables' edges.
    assert share(speech, 100, 4400) > 0.999
    assert share(speech, 200, 1200) > 0.5  # the first formants
    assert share(speech, 1800, 4400) > 0.01  # the second ones of i


def test_speech_comes_in_four_syllables_a_second_with_silence_between_them():
    speech = media.speech_like(2.0, 16000)
    syllables = speech.samples.reshape(8, 4000)
    assert np.abs(syllables[:, [0, -1]]).max() < 1e-4
    assert np.abs(syllables).max(axis=1).min() > 0.1


def test_speech_has_different_vowels():
    a, i, o, u = np.abs(np.fft.rfft(media.speech_like(1.0).samples.reshape(4, 4000)))
    hz = np.fft.rfftfreq(4000, 1 / 16000)

    def loudest(spectrum, low, high):
        inside = (hz >= low) & (hz < high)
        return hz[inside][spectrum[inside].argmax()]

    # First formants 730, 270, 570 and 300 Hz; the nearest harmonic is at most half a pitch, 60 Hz and a tenth, away from each.
    assert [loudest(vowel, 0, 4000) for vowel in (a, i, o, u)] == pytest.approx([730, 270, 570, 300], abs=70)
    assert loudest(i, 1500, 2700) == pytest.approx(2290, abs=70)


def test_speech_may_be_short():
    assert len(media.speech_like(0).samples) == 0
    assert len(media.speech_like(1 / 16000).samples) == 1


def test_joined_sounds_follow_each_other():
    whole = media.joined([media.silence(0.5, 8000, time=4.0), media.tone(100, 0.25, 8000)])
    assert (whole.time, whole.end, whole.rate) == (4.0, 4.75, 8000)
    assert not whole.samples[:4000].any()
    assert np.array_equal(whole.samples[4000:], media.tone(100, 0.25, 8000).samples)


def test_sounds_of_two_rates_are_not_joined():
    with pytest.raises(InstantReactError, match="has to be one, and is 8000, 16000") as caught:
        media.joined([media.silence(1, 16000), media.silence(1, 8000)])
    assert caught.value.code == "IR4011"
