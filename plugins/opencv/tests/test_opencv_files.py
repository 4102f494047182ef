import threading

import cv2
import numpy as np
import pytest
from awkward_media import H264, ffmpeg, film, opened

from instantreact_sdk import Context

# Red, green, blue and white quarters: top left, top right, bottom left, bottom right.
QUARTERS = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], np.uint8)


def quarters(image):
    height, width = image.shape[:2]
    rows, columns = (height // 4, height * 3 // 4), (width // 4, width * 3 // 4)
    return np.array([[image[y, x] for x in columns] for y in rows]) > 128


@pytest.fixture
def coloured(tmp_path):
    picture = tmp_path / "quarters.png"
    cv2.imwrite(str(picture), cv2.resize(QUARTERS[..., ::-1], (128, 96), interpolation=cv2.INTER_NEAREST))
    path = tmp_path / "coloured.mp4"
    ffmpeg("-loop", "1", "-i", picture, "-t", "0.2", *H264, path)
    return path


def test_colours_and_sides_are_right(coloured):
    with opened(coloured) as source:
        frame = next(source.frames())
    assert (frame.width, frame.height) == (128, 96)
    np.testing.assert_array_equal(quarters(frame.image), QUARTERS > 128)


@pytest.mark.parametrize("clockwise", [90, 180, 270])
def test_rotation_metadata_is_applied_once(tmp_path, coloured, clockwise):
    path = tmp_path / "turned.mp4"
    ffmpeg("-display_rotation", str(-clockwise), "-i", coloured, "-c", "copy", path)
    with opened(path) as source:
        frame = next(source.frames())
        assert (source.info.width, source.info.height) == (frame.width, frame.height)
    np.testing.assert_array_equal(quarters(frame.image), np.rot90(QUARTERS, -clockwise // 90) > 128)


@pytest.mark.parametrize("clockwise", [0, 90, 180, 270])
def test_the_option_rotate_turns_clockwise_whatever_the_metadata_say(tmp_path, coloured, clockwise):
    path = tmp_path / "turned.mp4"
    ffmpeg("-display_rotation", "90", "-i", coloured, "-c", "copy", path)
    with opened(path, rotate=clockwise) as source:
        frame = next(source.frames())
        assert (source.info.width, source.info.height) == (frame.width, frame.height)
    np.testing.assert_array_equal(quarters(frame.image), np.rot90(QUARTERS, -clockwise // 90) > 128)


def test_frames_that_nobody_wants_are_counted_but_not_given(tmp_path):
    path = film(tmp_path / "film.mp4", *H264)
    asked = []

    def wants(time):
        asked.append(time)
        return len(asked) % 10 == 1

    with opened(path, Context(wants=wants)) as source:
        frames = list(source.frames())
    assert [frame.index for frame in frames] == [0, 10, 20, 30, 40]
    assert asked == pytest.approx([n / 25 for n in range(50)])
    with opened(path) as source:
        whole = list(source.frames())
    for frame in frames:
        np.testing.assert_array_equal(frame.image, whole[frame.index].image)


def test_frames_end_when_the_run_stops(tmp_path):
    stop = threading.Event()
    with opened(film(tmp_path / "film.mp4", *H264), Context(stop=stop)) as source:
        frames = source.frames()
        next(frames)
        stop.set()
        assert list(frames) == []


def test_frames_end_when_another_thread_closes_the_source(tmp_path):
    path = film(tmp_path / "film.mp4", *H264, picture="testsrc2=s=320x240:r=25:d=20")
    for _ in range(5):
        with opened(path) as source:
            seen = []
            reading = threading.Thread(target=lambda s=source, seen=seen: seen.extend(f.index for f in s.frames()))
            reading.start()
            while len(seen) < 20 and reading.is_alive():
                pass
            source.close()
            reading.join(10)
            assert not reading.is_alive()
            assert 20 <= len(seen) < 500


def test_a_source_opens_again_after_it_was_closed(tmp_path):
    with opened(film(tmp_path / "film.mp4", *H264)) as source:
        first = [frame.time for frame in source.frames()]
        source.close()
        source.close()
        source.open(Context())
        assert [frame.time for frame in source.frames()] == first


def test_frames_cannot_be_written_to(tmp_path):
    with opened(film(tmp_path / "film.mp4", *H264)) as source:
        frame = next(source.frames())
    with pytest.raises(ValueError, match="read-only"):
        frame.image[0, 0] = 0


def test_what_is_known_of_a_film(shared_data):
    with opened(shared_data / "video" / "vtest.avi") as source:
        info = source.info
    assert (info.width, info.height, info.live, info.fps, info.has_sound) == (768, 576, False, 10.0, False)
    assert info.duration == pytest.approx(79.5)
