"""Makes small films of every awkward kind, and reads them with ffmpeg alone, as a reference."""

from __future__ import annotations

import re
import subprocess
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from instantreact_opencv.source import VideoOptions, VideoSource

from instantreact_sdk import Context

PICTURE = "testsrc2=s=160x120:r=25:d=2"
WHITE_FROM = "color=black:s=64x48:r=25:d=2,drawbox=enable='gte(t,{0})':color=white:t=fill"
"""White from a moment on."""
TONE_FROM = "aevalsrc='if(gte(t,{0}),0.5*sin(2*PI*1000*t),0)':s=44100:d=2"
"""A tone of 1 kHz from a moment on."""
H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "ultrafast")


def ffmpeg(*arguments: str | Path) -> str:
    """Run ffmpeg; what it says on stderr."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-y", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def film(out: Path, *arguments: str | Path, picture: str = PICTURE) -> Path:
    """A film of a test picture, two seconds unless told otherwise."""
    ffmpeg("-f", "lavfi", "-i", picture, *arguments, out)
    return out


def stamps_by_ffmpeg(path: Path) -> list[float]:
    """Presentation stamps of all frames in seconds, as ffmpeg's own decoder has them."""
    said = ffmpeg(
        "-copyts", "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-vf", "showinfo", "-f", "null", "-"
    )
    return [float(stamp) for stamp in re.findall(r"pts_time:\s*(\S+)", said)]


@contextmanager
def opened(url: Path | str, context: Context | None = None, **options):
    """A source that is open, and closed afterwards."""
    source = VideoSource(VideoOptions(url=str(url), **options))
    source.open(context or Context())
    try:
        yield source
    finally:
        source.close()


def times(url: Path | str, **options) -> list[float]:
    """The times of all frames."""
    with opened(url, **options) as source:
        return [frame.time for frame in source.frames()]


def heard(url: Path | str, rate: int) -> np.ndarray:
    """All sound in one array, from the zero on; asserts that the chunks fit together and are not too long."""
    with opened(url) as source:
        chunks = list(source.sound(rate))
    at = 0
    for chunk in chunks:
        assert chunk.rate == rate
        assert 0 < len(chunk.samples) <= rate
        assert chunk.time == at / rate
        at += len(chunk.samples)
    return np.concatenate([chunk.samples for chunk in chunks]) if chunks else np.zeros(0, np.float32)


def strictly_growing(values: list[float]) -> bool:
    """Whether each is greater than the one before."""
    return all(after > before for before, after in pairwise(values))
