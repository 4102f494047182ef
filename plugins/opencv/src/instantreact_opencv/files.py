"""Reads video files."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from instantreact_opencv.damage import is_cut_off
from instantreact_opencv.options import VideoOptions
from instantreact_opencv.probe import Probe, probe
from instantreact_opencv.quiet import cv2
from instantreact_opencv.rotation import TURNS, turned
from instantreact_opencv.stamps import Stamps
from instantreact_sdk import AudioChunk, Context, Frame, InstantReactError, SourceInfo

_MISSING: Final = 0.9
"""A file that gives less than this part of the frames that its header promises is looked at for damage."""


class FileReader:
    """One video file, by OpenCV's FFmpeg.

    The time of a frame is its presentation stamp, counted from the container's zero, which is the sound's zero too. OpenCV
    (``CAP_PROP_POS_MSEC``) gives it from the video stream's first stamp on; the distance of the two is asked of ffmpeg.
    Where the resolution changes in mid-stream, OpenCV resizes to the first one.

    Args:
        path: The file.
        options: Of the source.
        context: Of the source.
    """

    def __init__(self, path: Path, options: VideoOptions, context: Context) -> None:
        self._path = path
        self._rotate = options.rotate
        self._context = context
        self._capture: cv2.VideoCapture | None = None
        self._lock = threading.Lock()  # a capture that is released while another thread reads takes the process down
        self._probe = Probe()
        self._closed = threading.Event()

    def open(self) -> SourceInfo:
        """Open the file and decode its first frame.

        Raises:
            InstantReactError: IR3001 no such file, IR3002 it may not be read, IR3003 it holds no frame.
        """
        check_readable(self._path)
        self._probe = probe(self._path.absolute())
        if self._probe.format == "tty":  # FFmpeg plays text as a terminal's screen
            raise InstantReactError("IR3003", path=self._path, problem="it is text")
        # FFmpeg reads a colon as a protocol; an absolute path has none before its first slash.
        capture = cv2.VideoCapture(str(self._path.absolute()), cv2.CAP_FFMPEG)
        self._capture = capture
        if not capture.isOpened():
            raise InstantReactError("IR3003", path=self._path, problem="it is not a video, or its index is missing")
        if self._rotate != "auto":
            capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)
        if not capture.grab():
            raise InstantReactError("IR3003", path=self._path, problem="its stream of frames is empty or damaged")
        _, first = capture.retrieve()
        height, width = first.shape[:2]
        if self._rotate in (90, 270):
            height, width = width, height
        fps, count = self._promises()
        return SourceInfo(
            width=width,
            height=height,
            live=False,
            fps=fps,
            duration=count / fps if fps and count else None,
            has_sound=self._probe.has_sound,
        )

    def frames(self) -> Iterator[Frame]:
        """All frames; the ones that nobody wants are decoded, which the next ones need, but not converted."""
        capture, lock, stop, wants = self._capture, self._lock, self._context.stop, self._context.wants
        assert capture is not None, "asked before open()"
        turn = TURNS[self._rotate]
        fps, _ = self._promises()
        stamps = Stamps(self._probe.video_start - self._probe.start, 1 / fps if fps else 0.04)
        index, time, there = 0, 0.0, True  # `open` took the first one
        while not stop.is_set():
            with lock:
                if self._closed.is_set():
                    return
                if index:
                    there = capture.grab()
                if not there:
                    break
                time = stamps.time(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
                wanted = wants(time)
                pixels = capture.retrieve()[1] if wanted else None
            if pixels is not None:
                yield Frame(turned(pixels, turn), time=time, index=index, order="BGR")
            index += 1
        if not there:
            self._tell_of_damage(index, time)

    def sound(self, rate: int) -> Iterator[AudioChunk]:
        """All sound, mono, at `rate`."""
        if not self._probe.has_sound:
            return iter(())
        from instantreact_opencv.sound import sound

        return sound(self._path.absolute(), rate, self._probe.start, self._context, self._closed)

    def close(self) -> None:
        """Release the file; whoever reads it ends at the next frame or chunk."""
        self._closed.set()
        with self._lock:
            if self._capture is not None:
                self._capture.release()
                self._capture = None

    def _promises(self) -> tuple[float | None, int | None]:
        """Frames a second and number of frames, as the header has them, where they can be true at all."""
        assert self._capture is not None
        fps, count = self._capture.get(cv2.CAP_PROP_FPS), self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        return (fps if 0 < fps <= 1000 else None, int(count) if 0 < count < 1e9 else None)  # noqa: PLR2004

    def _tell_of_damage(self, count: int, end: float) -> None:
        _, promised = self._promises()
        if promised is None or count >= promised * _MISSING or not is_cut_off(self._path.absolute()):
            return
        detail = f"{self._path} is cut off: {count} of {promised} frames could be decoded, up to {end:.1f} s."
        self._context.log.warning(detail)
        self._context.health("plugin_failed", detail)


def check_readable(path: Path) -> None:
    """Raise IR3001 or IR3002 where `path` is no file that can be read, IR3003 where it is empty."""
    try:
        mode = path.stat().st_mode
        # Opening a pipe that nobody writes to would wait for ever.
        if not stat.S_ISREG(mode):
            raise InstantReactError("IR3002", path=path, problem="it is neither a file nor a folder")
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError:
        raise InstantReactError("IR3001", path=path) from None
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        raise InstantReactError("IR3002", path=path, problem=problem) from None
    if empty:
        raise InstantReactError("IR3003", path=path, problem="it is empty (0 bytes)")
