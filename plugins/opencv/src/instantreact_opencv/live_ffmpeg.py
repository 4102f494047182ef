"""OpenCV's captures, made fit for cameras: with time limits, and one camera never waiting for another."""

from __future__ import annotations

import os
from pathlib import Path

from instantreact_opencv.live_options import LiveOptions
from instantreact_opencv.quiet import cv2


def connect(url: str, options: LiveOptions) -> cv2.VideoCapture:
    """Connect to a webcam or a stream; RTSP over TCP. ``isOpened()`` of the result tells whether it worked.

    It blocks for up to ``options.open_timeout`` where the network does not answer, and for longer in the resolver.
    """
    if url.isdigit():
        return cv2.VideoCapture(int(url))
    return cv2.VideoCapture(
        url,
        cv2.CAP_FFMPEG,
        [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
            round(options.open_timeout * 1000),
            cv2.CAP_PROP_READ_TIMEOUT_MSEC,
            round(options.read_timeout * 1000),
            cv2.CAP_PROP_N_THREADS,
            options.decoder_threads,
        ],
    )


def position(capture: cv2.VideoCapture) -> float | None:
    """Where the stream's own clock stands at the picture that was grabbed, in seconds; None where it has no clock.

    Motion JPEG carries no clock: OpenCV then counts pictures at 25 a second, whatever their true rate.
    """
    if capture.getBackendName() != "FFMPEG" or capture.get(cv2.CAP_PROP_PTS) < -1e15:  # noqa: PLR2004  (no timestamp)
        return None
    return float(capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000


def stated_fps(capture: cv2.VideoCapture) -> float | None:
    """The rate that the stream states, or None where it states none, or one that no camera has."""
    fps = float(capture.get(cv2.CAP_PROP_FPS))
    return fps if 0 < fps <= 240 and position(capture) is not None else None  # noqa: PLR2004


def length(capture: cv2.VideoCapture) -> float | None:
    """Seconds that the stream lasts, where it has an end: then it is a file; None for a camera."""
    frames, fps = capture.get(cv2.CAP_PROP_FRAME_COUNT), capture.get(cv2.CAP_PROP_FPS)
    return frames / fps if frames > 0 and fps > 0 else None


def codec(capture: cv2.VideoCapture) -> str:
    """How the pictures are coded, by the four letters of its name in lower case; empty where it is not known."""
    letters = int(capture.get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF
    name = letters.to_bytes(4, "little").decode("latin-1").strip().lower()
    return name if name.isalnum() else ""


def webcam_problem(index: str) -> str:
    """Why a webcam cannot be opened, in a few words."""
    device = Path(f"/dev/video{index}")
    if not device.exists():
        return f"there is no {device}"
    if not os.access(device, os.R_OK | os.W_OK):
        return f"this user may not open {device}"
    return f"{device} is in use by another program, or no camera"
