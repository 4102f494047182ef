"""Films of moments that mattered."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.report.video import AnnotatedVideo
from instantreact_sdk.types import Frame

CLIP_FPS = 10
"""Pictures a second in a clip."""

_WIDTH = 960
_QUALITY = 80


class Picture(NamedTuple):
    """A frame made small enough to be kept for a while.

    Attributes:
        time: Seconds since the source's ``open()``.
        jpeg: At most 960 pixels wide; about 75 kB at 960 x 540.
    """

    time: float
    jpeg: bytes


def small_picture(frame: Frame) -> Picture:
    """A frame as it is kept for clips."""
    import cv2

    width = min(_WIDTH, frame.width)
    image = frame.resized(width, max(1, frame.height * width // frame.width))
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return Picture(frame.time, encoded.tobytes())


def write_clip(path: Path, pictures: Sequence[Picture]) -> None:
    """Writes pictures as an MP4 that plays at their own pace in browsers and on phones, whole or not at all.

    Args:
        path: Where to; its folder is made where it is missing.
        pictures: One or more, in time order. The first one is the clip's beginning; gaps show the last picture.

    Raises:
        InstantReactError: IR4020 where the file cannot be written; IR6001 without imageio-ffmpeg.
    """
    half = path.with_suffix(".part")
    try:
        _write(half, pictures)
        with half.open("rb") as file:
            os.fsync(file.fileno())  # else a power cut may leave the name without what belongs into it
        half.replace(path)
    except OSError as error:
        raise InstantReactError("IR4020", path=path, problem=error.strerror or error) from error
    finally:
        with suppress(OSError):  # it is there only where something went wrong, which is what should be told
            half.unlink()


def _write(path: Path, pictures: Sequence[Picture]) -> None:
    import cv2

    first = _place(pictures[0].time)
    images = (cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_COLOR) for picture in pictures)
    places = (_place(picture.time) - first for picture in pictures)
    frames = (
        Frame(image, time=place / CLIP_FPS, index=place, order="BGR")  # type: ignore[arg-type]  # of JPEGs of our own
        for image, place in zip(images, places, strict=True)
    )
    opening = next(frames)
    with AnnotatedVideo(path, opening.width, opening.height, CLIP_FPS) as video:
        video.write(opening)
        for frame in frames:
            video.write(frame)


def _place(time: float) -> int:
    return math.floor(time * CLIP_FPS + 1e-6)  # as the `Sampler` does, so that each picture has a place of its own
