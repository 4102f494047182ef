"""Frames as small files that a browser shows."""

from __future__ import annotations

import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from instantreact_sdk.types import Frame, Pixels

_WIDTH = 640
_QUALITY = 80


class Pictures:
    """A folder of pictures, called ``0``, ``1``, ...

    Args:
        folder: Made where it is not there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._count = 0
        self._encode = _jpeg if find_spec("cv2") else _bitmap

    def add(self, frame: Frame) -> int:
        """Write one, at most 640 pixels wide; its number."""
        number = self._count
        self._count += 1
        # Under its name it is whole, for somebody may ask for it at once.
        draft = self._folder / "draft"
        draft.write_bytes(self._encode(frame))
        draft.rename(self._folder / str(number))
        return number


def media_type(content: bytes) -> str:
    """What a picture is sent as."""
    return "image/bmp" if content.startswith(b"BM") else "image/jpeg"


def _jpeg(frame: Frame) -> bytes:
    import cv2

    scale = min(1.0, _WIDTH / frame.width)
    pixels = frame.resized(max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return encoded.tobytes()


def _bitmap(frame: Frame) -> bytes:
    """For the base install: a Windows bitmap of 24 bits (BITMAPINFOHEADER), rows bottom up, each a multiple of four bytes long."""
    step = -(-frame.width // _WIDTH)
    pixels: Pixels = frame.image[::-step, ::step, ::-1]
    height, width, _ = pixels.shape
    rows = np.zeros((height, -(-width * 3 // 4) * 4), np.uint8)
    rows[:, : width * 3] = pixels.reshape(height, -1)
    header = struct.pack("<2sIII", b"BM", 54 + rows.size, 0, 54)
    return (
        header + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, rows.size, 2835, 2835, 0, 0) + rows.tobytes()
    )
