"""What the components of this plugin are checked with: a short film with sound, and a square that moves before a wall."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg

from instantreact_sdk.testing import Case, media

_PICTURE = "testsrc2=s=160x120:r=10:d=4"
_TONE = "aevalsrc=0.5*sin(2*PI*440*t):s=44100:d=4"
_CODING = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-c:a", "aac")


def video(folder: Path) -> Iterator[Case]:
    """A film of four seconds; what is no film, and a camera that is not there."""
    film, text = folder / "film.mp4", folder / "text.mp4"
    inputs = ("-f", "lavfi", "-i", _PICTURE, "-f", "lavfi", "-i", _TONE)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-nostdin", *inputs, *_CODING, str(film)]
    subprocess.run(command, check=True, timeout=60)  # noqa: S603  (all of it is written here)
    text.write_text("This is no film.", encoding="utf-8")
    addresses = (str(folder / "missing.mp4"), str(text), str(folder), "gopher://127.0.0.1/film", "rtsp://127.0.0.1:1/")
    yield Case(options={"url": str(film)}, broken=[{"url": address} for address in addresses])


def motion(folder: Path) -> Iterator[Case]:  # noqa: ARG001  (it needs no files)
    """A wall for as long as the background is learned, then a square that goes along it."""
    wall = media.still(25, width=160, height=120)
    yield Case(inputs=[*wall, *media.moving_square(15, width=160, height=120, first=len(wall))])
