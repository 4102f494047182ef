import os
import struct
from contextlib import contextmanager

import pytest
from awkward_media import H264, ffmpeg, film, opened, strictly_growing, times

from instantreact_sdk import Context, InstantReactError


def refused(url) -> InstantReactError:
    with pytest.raises(InstantReactError) as refusal, opened(url) as source:
        list(source.frames())
    assert str(url).removeprefix("file://") in str(refusal.value)
    return refusal.value


def health_of(path):
    told = []
    with opened(path, Context(health=lambda kind, detail: told.append((kind, detail)))) as source:
        return [frame.time for frame in source.frames()], told


@pytest.mark.parametrize("name", ["nothing.mp4", "nothing.png"])
def test_a_path_that_does_not_exist(tmp_path, name):
    assert refused(tmp_path / name).code == "IR3001"


def test_a_home_of_nobody_is_a_path_that_does_not_exist():
    assert refused("~nobody-of-this-name/film.mp4").code == "IR3001"


def test_a_path_below_a_file(tmp_path):
    (tmp_path / "file").write_text("x")
    assert refused(tmp_path / "file" / "clip.mp4").code == "IR3002"


def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    assert refused(tmp_path / "pipe.mp4").code == "IR3002"


@contextmanager
def as_a_user_who_may_not_read(path):
    path.chmod(0)
    root = os.geteuid() == 0
    if root:  # whom permissions do not stop
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_file_that_may_not_be_read(tmp_path):
    path = film(tmp_path / "secret.mp4", *H264)
    with as_a_user_who_may_not_read(path):
        assert refused(path).code == "IR3002"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.mp4", b""),
        ("text.mp4", b"This is no film.\n" * 99),
        ("text.txt", b"This is no film.\n" * 99),
        ("noise.avi", bytes(range(256)) * 99),
        ("nearly.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(4096)),
        ("nearly.gif", b"GIF89a\x40\0\x30\0"),
    ],
)
def test_what_is_not_a_film_is_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path).code == "IR3003"


def test_sound_alone_is_no_film(tmp_path):
    path = tmp_path / "sound.mp4"
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", path)
    assert refused(path).code == "IR3003"


def test_an_address_of_an_unknown_kind_is_refused():
    with pytest.raises(InstantReactError, match=r"IR3006.*ftp://"), opened("ftp://user:secret@host/clip.mp4"):
        pass


@pytest.mark.parametrize(
    ("ending", "codec"), [("mp4", (*H264, "-movflags", "+faststart")), ("mkv", H264), ("avi", ("-c:v", "mpeg4"))]
)
def test_a_file_that_is_cut_off_gives_its_beginning_and_says_how_far_it_got(tmp_path, ending, codec):
    whole = film(tmp_path / f"whole.{ending}", *codec)
    cut = tmp_path / f"cut.{ending}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    found, told = health_of(cut)
    assert 5 < len(found) < 45
    assert strictly_growing(found)
    [(kind, detail)] = told
    assert kind == "plugin_failed"
    assert f"{len(found)} of 50 frames" in detail
    assert health_of(whole)[1] == []


def test_a_file_that_is_cut_off_before_its_index_is_refused(tmp_path):
    whole = film(tmp_path / "whole.mp4", *H264)  # without +faststart the index is at the end
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[:-500])
    assert refused(cut).code == "IR3003"


@pytest.mark.parametrize("count", [0, 7, 5_000_000, 0xFFFFFFFF])
def test_a_header_that_lies_about_the_number_of_frames_changes_nothing(tmp_path, count):
    path = film(tmp_path / "lying.avi", "-c:v", "mpeg4")
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"avih") + 8 + 16, count)  # dwTotalFrames
    struct.pack_into("<I", data, data.index(b"strh") + 8 + 32, count)  # dwLength
    path.write_bytes(data)
    found, told = health_of(path)
    assert found == pytest.approx([n / 25 for n in range(50)])
    assert told == []


def test_a_header_that_lies_about_the_frame_rate_changes_nothing(tmp_path):
    slow = ("-vf", "settb=1/1000,setpts=N*0.5/TB", "-fps_mode", "vfr", "-enc_time_base", "1/1000", "-t", "5")
    path = film(tmp_path / "lying.mkv", *H264, *slow)
    with opened(path) as source:
        assert source.info.fps == pytest.approx(25, abs=24)
        assert [frame.time for frame in source.frames()] == pytest.approx([n / 2 for n in range(10)], abs=0.001)


def test_a_film_without_sound_has_none(tmp_path):
    with opened(film(tmp_path / "silent.mp4", *H264)) as source:
        assert not source.info.has_sound
        assert list(source.sound(16_000)) == []


def test_a_resolution_that_changes_in_mid_stream_is_brought_to_the_first(tmp_path):
    small = film(tmp_path / "small.ts", *H264, picture="testsrc2=s=160x120:r=25:d=1")
    large = film(tmp_path / "large.ts", *H264, "-output_ts_offset", "1", picture="color=red:s=320x240:r=25:d=1")
    both = tmp_path / "both.ts"
    both.write_bytes(small.read_bytes() + large.read_bytes())
    with opened(both) as source:
        frames = list(source.frames())
    assert len(frames) == 50
    assert {(frame.width, frame.height) for frame in frames} == {(160, 120)}
    assert frames[-1].image[60, 80].tolist() == pytest.approx([255, 0, 0], abs=10)


def test_a_name_with_a_colon_and_percent_signs_is_only_a_name(tmp_path, monkeypatch):
    film(tmp_path / "a:b %03d.mp4".replace("%", "p"), *H264)
    (tmp_path / "a:b p03d.mp4").rename(tmp_path / "a:b %03d.mp4")
    monkeypatch.chdir(tmp_path)
    assert len(times("a:b %03d.mp4")) == 50


def test_nothing_is_printed_about_broken_files(tmp_path, capfd):
    path = film(tmp_path / "whole.mp4", *H264, "-movflags", "+faststart")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = bytes(2000)
    path.write_bytes(data)
    assert times(path)
    with pytest.raises(InstantReactError):
        times(tmp_path / "nothing.mp4")
    assert capfd.readouterr() == ("", "")
