"""The ffmpeg process that turns pictures into a file that browsers play."""

from __future__ import annotations

import contextlib
import fcntl
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.types import Pixels

# Against ultrafast: a third of the size for twice the encoding time, which is still a small part of a run.
_QUALITY = ("-preset", "veryfast", "-crf", "26")
# cv2's I420 is BT.601 in limited range. Unsaid, browsers would take HD pictures for BT.709 and show wrong colours.
_COLOURS = "colorprim=smpte170m:transfer=smpte170m:colormatrix=smpte170m:range=tv"
_LAST_WORDS = 400


class Encoder:
    """H.264 in MP4, yuv420p, its index in front, at a constant rate.

    ffmpeg runs in a session of its own: Ctrl-C in a terminal would else stop it before the last pictures arrive. It ends, and
    finishes the file, as soon as its input ends, also when this process is killed.

    Args:
        path: The file, replaced where it exists.
        width: Of the pictures in pixels, even.
        height: Of the pictures in pixels, even.
        fps: Pictures per second.

    Raises:
        InstantReactError: IR6001 without imageio-ffmpeg; IR4020 where ffmpeg does not start.
    """

    def __init__(self, path: Path, width: int, height: int, fps: float) -> None:
        self._path = path
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the process)
        command = [
            *(ffmpeg(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
            *("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}", "-r", f"{fps:g}", "-i", "pipe:0"),
            *("-c:v", "libx264", *_QUALITY, "-x264-params", _COLOURS, "-pix_fmt", "yuv420p"),
            *("-movflags", "+faststart", "-f", "mp4", str(path.absolute())),
        ]
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._process = subprocess.Popen(  # noqa: S603  (no shell, and nothing from outside but the path)
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                start_new_session=True,
            )
        except OSError as error:
            self._complaints.close()
            raise InstantReactError("IR4020", path=path, problem=error.strerror or error) from error
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # a whole picture at a time; a user may have used up the kernel's allowance
            fcntl.fcntl(self._process.stdin, fcntl.F_SETPIPE_SZ, 1 << 20)

    def write(self, planes: Pixels, times: int = 1) -> None:
        """Appends a picture.

        Args:
            planes: uint8 ``(height * 3 / 2, width)``: the planes Y, U and V, one below the other.
            times: How often.

        Raises:
            InstantReactError: IR4020 with ffmpeg's own words where it is gone.
        """
        assert self._process.stdin is not None
        try:
            for _ in range(times):
                self._process.stdin.write(planes.data)
        except OSError as error:
            self.close()
            raise InstantReactError("IR4020", path=self._path, problem=error.strerror or error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finishes the file and waits for ffmpeg's end. May be repeated.

        Raises:
            InstantReactError: IR4020 with ffmpeg's own words where it failed.
        """
        if self._complaints.closed:
            return
        assert self._process.stdin is not None
        try:
            with contextlib.suppress(OSError):  # it died with pictures still in the pipe: its exit code tells
                self._process.stdin.close()
        finally:
            code = self._process.wait()
            self._complaints.seek(0)
            words = self._complaints.read().decode(errors="replace").strip()[-_LAST_WORDS:]
            self._complaints.close()
        if code:
            problem = f"ffmpeg ended with {code}" + (f" ({words})" if words else "")
            raise InstantReactError("IR4020", path=self._path, problem=problem)


def ffmpeg() -> str:
    """The program that imageio-ffmpeg brings.

    Raises:
        InstantReactError: IR6001 without it.
    """
    try:
        from imageio_ffmpeg import get_ffmpeg_exe
    except ImportError:
        raise InstantReactError(
            "IR6001", package="imageio-ffmpeg", command="pip install 'instantreact-sdk[report]'"
        ) from None
    return str(get_ffmpeg_exe())
