import cv2
import numpy as np
import pytest
from awkward_media import opened
from PIL import Image

from instantreact_sdk import Context, InstantReactError


def write(path, grey, size=(32, 24)):
    cv2.imwrite(str(path), np.full((size[1], size[0], 3), grey, np.uint8))
    return path


def test_a_folder_is_read_in_natural_order(tmp_path):
    for name, grey in (("shot10.png", 30), ("shot9.png", 20), ("shot1.png", 10), ("shot100.png", 40)):
        write(tmp_path / name, grey)
    (tmp_path / "notes.txt").write_text("no picture")
    with opened(tmp_path, fps=4) as source:
        frames = list(source.frames())
        assert source.info.duration == 1.0
    assert [int(frame.image[0, 0, 0]) for frame in frames] == [10, 20, 30, 40]
    assert [frame.time for frame in frames] == [0, 0.25, 0.5, 0.75]
    assert [frame.index for frame in frames] == [0, 1, 2, 3]


def test_a_pattern_picks_files_and_a_single_picture_is_one_frame(tmp_path):
    for name in ("a1.png", "a2.png", "b1.png"):
        write(tmp_path / name, 9)
    with opened(tmp_path / "a*.png") as source:
        assert len(list(source.frames())) == 2
    with opened(tmp_path / "b1.png") as source:
        assert [frame.time for frame in source.frames()] == [0]
        assert list(source.sound(16_000)) == []


def test_a_name_with_brackets_is_a_name_before_it_is_a_pattern(tmp_path):
    write(tmp_path / "shot[1].png", 5)
    with opened(tmp_path / "shot[1].png") as source:
        assert len(list(source.frames())) == 1


# EXIF orientation 6: the picture has to be turned by 90 degrees clockwise to be upright.
@pytest.mark.parametrize(("rotate", "expected"), [("auto", (20, 40)), (0, (40, 20)), (180, (40, 20)), (270, (20, 40))])
def test_exif_orientation_is_followed_unless_told_otherwise(tmp_path, rotate, expected):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGB", (40, 20))
    picture.paste((255, 255, 255), (0, 0, 10, 20))  # white at the left: at the top once turned clockwise
    picture.save(tmp_path / "phone.jpg", exif=exif, quality=95)
    with opened(tmp_path / "phone.jpg", rotate=rotate) as source:
        frame = next(source.frames())
        assert (source.info.width, source.info.height) == expected
    assert (frame.width, frame.height) == expected
    white = {"auto": frame.image[:5], 0: frame.image[:, :5], 180: frame.image[:, -5:], 270: frame.image[-5:]}[rotate]
    assert white.mean() > 200


def test_grey_deep_and_transparent_pictures_become_rgb(tmp_path):
    cv2.imwrite(str(tmp_path / "1.png"), np.full((8, 8), 200, np.uint8))
    cv2.imwrite(str(tmp_path / "2.png"), np.full((8, 8, 3), 200 * 257, np.uint16))
    cv2.imwrite(str(tmp_path / "3.png"), np.full((8, 8, 4), 200, np.uint8))
    with opened(tmp_path) as source:
        images = [frame.image for frame in source.frames()]
    assert [(image.shape, image.dtype, int(image[0, 0, 1])) for image in images] == [((8, 8, 3), np.uint8, 200)] * 3


def test_damaged_pictures_keep_their_place_and_are_told(tmp_path):
    write(tmp_path / "1.png", 1)
    (tmp_path / "2.png").write_bytes(b"no picture")
    write(tmp_path / "3.png", 3)
    told = []
    with opened(tmp_path, Context(health=lambda *what: told.append(what)), fps=1) as source:
        assert [(frame.time, frame.index) for frame in source.frames()] == [(0, 0), (2, 2)]
    assert [kind for kind, _ in told] == ["plugin_failed"]
    assert "1 of 3 pictures" in told[0][1]
    assert "2.png" in told[0][1]


def test_a_folder_or_a_pattern_without_pictures_is_an_error(tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    for url in (tmp_path, tmp_path / "*.jpg"):
        with pytest.raises(InstantReactError, match="IR3004"), opened(url):
            pass


def test_a_folder_of_which_no_picture_can_be_decoded_is_an_error(tmp_path):
    (tmp_path / "1.png").write_bytes(b"no picture")
    (tmp_path / "2.jpg").write_bytes(b"")
    with pytest.raises(InstantReactError, match="IR3003"), opened(tmp_path):
        pass


def test_pictures_that_nobody_wants_are_not_read(tmp_path):
    write(tmp_path / "1.png", 1)
    (tmp_path / "2.png").write_bytes(b"would be told if it were read")
    told = []
    context = Context(health=lambda *what: told.append(what), wants=lambda time: time < 0.05)
    with opened(tmp_path, context) as source:
        assert len(list(source.frames())) == 1
    assert told == []
