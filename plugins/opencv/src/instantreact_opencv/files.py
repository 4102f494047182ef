"""Reads video files."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from instantreact_opencv.damage import is_cut_off
from instantreact_opencv.options import VideoOptions
from instantreact_opencv.probe import Probe, probe
from instantreact_opencv.quiet import cv2
from instantreact_opencv.rotation import TURNS, turned
from instantreact_opencv.stamps import Stamps
from instantreact_sdk import AudioChunk, Context, Frame, InstantReactError, SourceInfo, redacted

if TYPE_CHECKING:
    from instantreact_opencv.sound import Sound

_FASTEST: Final = 1000
_MOST: Final = 1e9
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
        self._fps: float | None = None
        self._promised = 0
        self._closed = False
        self._sound: Sound | None = None

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
        # What the header says, where it can be true at all: negative and huge figures are seen.
        fps, count = capture.get(cv2.CAP_PROP_FPS), capture.get(cv2.CAP_PROP_FRAME_COUNT)
        self._fps = fps if 0 < fps <= _FASTEST else None
        self._promised = int(count) if 0 < count < _MOST else 0
        return SourceInfo(
            width=width,
            height=height,
            live=False,
            fps=self._fps,
            duration=self._promised / self._fps if self._fps and self._promised else None,
            has_sound=self._probe.has_sound,
        )

    def frames(self) -> Iterator[Frame]:
        """All frames; the ones that nobody wants are decoded, which the next ones need, but not converted."""
        capture, lock, stop, wants = self._capture, self._lock, self._context.stop, self._context.wants
        assert capture is not None, "asked before open()"
        turn = TURNS[self._rotate]
        stamps = Stamps(self._probe.video_start - self._probe.start, 1 / (self._fps or 25))
        index, time, there = 0, 0.0, True  # `open` took the first one
        while not stop.is_set():
            with lock:
                if self._closed:
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
        with self._lock:
            if self._closed:
                return iter(())
            if self._sound is None:
                from instantreact_opencv.sound import Sound  # MoviePy takes a third of a second to import

                self._sound = Sound(self._path.absolute(), self._probe.start, self._context)
            return self._sound.chunks(rate)

    def close(self) -> None:
        """Release the file; whoever reads it ends at the next frame or chunk."""
        with self._lock:
            self._closed = True
            if self._capture is not None:
                self._capture.release()
                self._capture = None
            if self._sound is not None:
                self._sound.close()

    def _tell_of_damage(self, count: int, end: float) -> None:
        if count >= self._promised * _MISSING or not is_cut_off(self._path.absolute()):
            return
        detail = f"{self._path} is cut off: {count} of {self._promised} frames could be decoded, up to {end:.1f} s."
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
        raise InstantReactError("IR3001", path=redacted(str(path))) from None
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        raise InstantReactError("IR3002", path=path, problem=problem) from None
    if empty:
        raise InstantReactError("IR3003", path=path, problem="it is empty (0 bytes)")
