"""Picture files, good and bad."""

from __future__ import annotations

import struct
import sys
import zlib

import numpy as np
import pytest
from labelled import ORIENTATION, voc
from PIL import Image

from instantreact_sdk import InstantReactError
from instantreact_sdk.datasets import open_dataset
from instantreact_sdk.datasets.pictures import load, stored

# What EXIF says of a stored picture with fields 1 2 / 3 4, and the upright one (CIPA DC-008, figure of tag 0x0112).
UPRIGHT = {
    1: [[1, 2], [3, 4]],
    2: [[2, 1], [4, 3]],
    3: [[4, 3], [2, 1]],
    4: [[3, 4], [1, 2]],
    5: [[1, 3], [2, 4]],
    6: [[3, 1], [4, 2]],
    7: [[4, 2], [3, 1]],
    8: [[2, 4], [1, 3]],
}


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_a_picture_is_turned_as_exif_says(tmp_path, orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    fields = np.repeat(np.array([[1, 2], [3, 4]], np.uint8)[:, :, None], 3, axis=2)
    Image.fromarray(fields).save(tmp_path / "a.png", exif=exif)
    assert load(tmp_path / "a.png")[:, :, 0].tolist() == UPRIGHT[orientation]


def test_without_exif_a_picture_is_upright(tmp_path):
    Image.new("RGB", (3, 2)).save(tmp_path / "a.png")
    assert stored(tmp_path / "a.png") == ((3, 2), 1)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1"])
def test_every_kind_of_picture_is_rgb(tmp_path, mode):
    Image.new(mode, (3, 2)).save(tmp_path / "a.tiff")
    image = load(tmp_path / "a.tiff")
    assert (image.shape, image.dtype) == ((2, 3, 3), np.uint8)


def png_of(width: int, height: int) -> bytes:
    """The beginning of a picture that claims to be so large."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + b"\0\0\x01\0IDAT"


def cut_off() -> bytes:
    import io

    whole = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(whole, "JPEG")
    return whole.getvalue()[:900]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "it is empty"),
        (b"no picture", "it is none of JPEG, PNG, BMP, TIFF and WebP"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "it is none of"),
        (png_of(60_000, 60_000), "it has more pixels than any camera makes"),
        (png_of(4, 4), "it is damaged or cut off"),
        (cut_off(), "it is damaged or cut off"),
    ],
    ids=["empty", "text", "postscript", "bomb", "no pixels", "cut off"],
)
def test_a_bad_picture_is_one_sentence_that_names_it(tmp_path, content, problem):
    (tmp_path / "bad.jpg").write_bytes(content)
    with pytest.raises(InstantReactError) as refused:
        load(tmp_path / "bad.jpg")
    assert refused.value.code == "IR7004"
    assert str(refused.value).startswith(f"IR7004: The picture {tmp_path / 'bad.jpg'} cannot be read: {problem}")


def test_a_picture_that_is_not_there_or_is_a_folder_is_one_sentence(tmp_path):
    with pytest.raises(InstantReactError, match=r"IR7004: .*No such file"):
        load(tmp_path / "a.jpg")
    with pytest.raises(InstantReactError, match=r"IR7004: .*directory"):
        load(tmp_path)


@pytest.mark.parametrize(("module", "package"), [("PIL", "pillow"), ("defusedxml.ElementTree", "defusedxml")])
def test_without_the_extra_it_is_said_what_to_install(tmp_path, monkeypatch, module, package):
    root = voc(tmp_path)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InstantReactError, match=rf"IR6001: This needs {package}, .*instantreact-sdk\[data\]"):
        open_dataset(f"voc:{root}")[0].load()
