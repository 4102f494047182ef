import pytest
from awkward_media import (
    H264,
    TONE_FROM,
    WHITE_FROM,
    ffmpeg,
    film,
    heard,
    opened,
    stamps_by_ffmpeg,
    strictly_growing,
    times,
)

SLOWING = ("-vf", "settb=1/1000,setpts=PTS+N*N/2500/TB", "-fps_mode", "vfr")


@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts", "avi"])
def test_times_are_the_presentation_stamps_also_where_frames_are_stored_out_of_order(tmp_path, ending):
    path = film(tmp_path / f"b-frames.{ending}", *H264[:4], "-bf", "2")
    stamps = stamps_by_ffmpeg(path)
    assert len(stamps) == 50
    expected = [stamp - (stamps[0] if ending == "ts" else 0) for stamp in stamps]  # its clock begins anywhere
    assert times(path) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_times_of_a_variable_frame_rate_are_right_to_the_millisecond(tmp_path, ending):
    path = film(tmp_path / f"slowing.{ending}", *H264, *SLOWING, "-enc_time_base", "1/1000")
    expected = [n / 25 + n * n / 2500 for n in range(50)]
    assert times(path) == pytest.approx(expected, abs=0.001)


def test_the_pauses_of_a_gif_are_kept(tmp_path):
    path = film(tmp_path / "slowing.gif", *SLOWING, "-enc_time_base", "1/100", picture="testsrc2=s=64x48:r=10:d=1")
    assert times(path) == pytest.approx(stamps_by_ffmpeg(path), abs=1e-6)


def test_a_stream_without_any_stamps_runs_at_its_frame_rate(tmp_path):
    path = film(tmp_path / "raw.h264", *H264, "-f", "h264")
    assert times(path) == pytest.approx([n / 25 for n in range(50)])


def test_a_clock_that_is_set_back_in_mid_stream_goes_on(tmp_path):
    one = film(tmp_path / "one.ts", *H264, picture="testsrc2=s=160x120:r=25:d=1")
    both = tmp_path / "both.ts"
    both.write_bytes(one.read_bytes() * 2)
    assert times(both) == pytest.approx([n / 25 for n in range(50)], abs=1e-6)


# Where one stream starts later than the other, the moment that both show (the picture turns white and the tone begins) stays one moment.
@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"])
@pytest.mark.parametrize(("picture_late", "sound_late"), [(0.0, 0.0), (0.8, 0.0), (0.0, 0.8)])
def test_picture_and_sound_share_their_zero(tmp_path, ending, picture_late, sound_late):
    path = tmp_path / f"late.{ending}"
    moment = 1.2
    picture = ("-itsoffset", str(picture_late), "-f", "lavfi", "-i", WHITE_FROM.format(moment - picture_late))
    sound = ("-itsoffset", str(sound_late), "-f", "lavfi", "-i", TONE_FROM.format(moment - sound_late))
    ffmpeg(*picture, *sound, *H264, "-c:a", "aac", path)
    with opened(path) as source:
        white = next(frame.time for frame in source.frames() if frame.image.mean() > 128)
        first = next(frame.time for frame in source.frames())
    samples = heard(path, 16_000)
    tone = int((abs(samples) > 0.1).argmax()) / 16_000
    assert white == pytest.approx(tone, abs=0.006)  # the encoder smears the tone's beginning
    assert white == pytest.approx(moment, abs=0.025)  # a transport stream's zero lies one packet of sound earlier
    assert first >= white


def test_real_films_have_strictly_growing_times(shared_data):
    paths = [*(shared_data / "video").glob("*.mp4"), shared_data / "video" / "vtest.avi"]
    paths += (shared_data / "captioning" / "msvd_sample").rglob("*.gif")
    paths += (shared_data / "captioning" / "msvd_sample").rglob("*.avi")
    assert len(paths) >= 9
    for path in paths:
        found, expected = times(path), stamps_by_ffmpeg(path)
        assert len(found) == len(expected), path
        assert strictly_growing(found), path
        # In an AVI, ffmpeg and OpenCV may disagree by one frame on where frames that are stored out of order begin.
        tolerance = 0.07 if path.suffix == ".avi" else 1e-6
        assert found == pytest.approx(expected, abs=tolerance), path
