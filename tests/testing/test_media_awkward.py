from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest

from instantreact_sdk.testing import media

CATEGORIES = {
    "frames": media.awkward_frames,
    "clips": media.awkward_clips,
    "sounds": media.awkward_sounds,
    "texts": media.awkward_texts,
}


@pytest.mark.parametrize("make", CATEGORIES.values(), ids=CATEGORIES)
def test_names_fit_into_a_sentence(make):
    for name in make():
        assert re.fullmatch(r"[a-z][A-Za-z0-9 ,-]*[A-Za-z0-9]", name), name


def test_frames_have_the_sizes_that_they_are_named_after():
    sizes = {name: (frame.width, frame.height) for name, frame in media.awkward_frames().items()}
    assert sizes["a frame of one pixel"] == (1, 1)
    assert sizes["a frame of one row"][1] == 1
    assert sizes["a frame of one column"][0] == 1
    assert sizes["a frame of 4000 x 3000 pixels"] == (4000, 3000)
    assert [edge % 2 for edge in sizes["a frame of odd width and height"]] == [1, 1]
    wide, high = sizes["a frame 50 times as wide as high"], sizes["a frame 50 times as high as wide"]
    assert wide[0] / wide[1] == high[1] / high[0] == 50


def test_frames_have_the_contents_that_they_are_named_after():
    frames = media.awkward_frames()
    assert not frames["a black frame"].image.any()
    assert (frames["a white frame"].image == 255).all()
    assert (frames["a grey frame"].image == 128).all()
    # Each of 256 levels is as likely as any other: 127.5 on average, with sqrt((256**2 - 1) / 12) = 73.9 around it.
    assert frames["a frame of noise"].image.mean() == pytest.approx(127.5, abs=1)
    assert frames["a frame of noise"].image.std() == pytest.approx(73.9, abs=0.5)


def test_frames_come_in_time_order():
    frames = list(media.awkward_frames().values())
    assert [frame.index for frame in frames] == list(range(len(frames)))
    assert [frame.time for frame in frames] == [index / 10 for index in range(len(frames))]


@pytest.mark.parametrize("length", [1, 2, 7, 40])
def test_clips_are_in_time_order_and_no_longer_than_a_whole_one(length):
    for name, clip in media.awkward_clips(length).items():
        times = [frame.time for frame in clip.frames]
        assert 1 <= len(times) <= length, name
        assert times == sorted(set(times)), name


def test_clips_are_what_they_are_named_after():
    clips = media.awkward_clips(40)
    assert len(clips["a clip of one frame"].frames) == 1
    assert len(clips["a clip of half the length"].frames) == 20
    assert len({(frame.width, frame.height) for frame in clips["a clip of frames of two sizes"].frames}) == 2
    gap = np.diff([frame.time for frame in clips["a clip with a gap of a minute"].frames]).max()
    assert gap == pytest.approx(60)
    assert clips["a clip that starts after 100 days"].start == 100 * 24 * 3600


@pytest.mark.parametrize(
    ("rate", "seconds"), [(16000, 10.0), (8000, 0.33), (44100, 0.0999), (100, 1.005), (8000, 60.0)]
)
def test_sounds_are_at_the_rate_and_never_longer_than_the_recognizer_takes(rate, seconds):
    sounds = media.awkward_sounds(rate, seconds)
    for name, sound in sounds.items():
        assert sound.rate == rate
        assert sound.duration <= seconds, name
        assert np.abs(sound.samples).max(initial=0) <= 1, name
    longest = sounds["a sound of the longest length"]
    assert longest.duration > seconds - 1 / rate  # one sample more would be too long


def test_sounds_are_what_they_are_named_after():
    sounds = media.awkward_sounds()
    assert len(sounds["no samples at all"].samples) == 0
    assert len(sounds["one sample"].samples) == 1
    assert not sounds["silence"].samples.any()
    assert set(sounds["a full-scale square wave"].samples) == {-1.0, 1.0}
    assert sounds["a constant offset"].samples.mean() == 0.5
    assert 0 < np.abs(sounds["a sound that nobody can hear"].samples).max() <= 1e-7
    assert sounds["a sound that starts after 100 days"].time == 100 * 24 * 3600


def test_texts_are_whole_and_not_empty():
    for name, text in media.awkward_texts().items():
        assert text.encode().decode() == text, name
        assert text.strip(), name


def test_texts_are_what_they_are_named_after():
    texts = media.awkward_texts()
    assert len(texts["a text of 10,000 characters"]) == 10_000
    assert "\u200d" in texts["a text with emoji"]
    assert {"R", "AL"} <= {unicodedata.bidirectional(letter) for letter in texts["a text written from right to left"]}
    combined = texts["a text with combining marks"]
    assert len(unicodedata.normalize("NFC", combined)) < len(combined)
    assert {"\n", "\r"} <= set(texts["a text of several lines"])
    assert "\x00" in texts["a text with a control character"]
