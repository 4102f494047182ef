"""What ffmpeg says of a file's streams, for the facts that OpenCV does not tell."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

_FORMAT = re.compile(r"^Input #0, (\S+), from", re.MULTILINE)
_STREAM = re.compile(r"^ +Stream #0:\d+.*?: (Video|Audio): (.*)$", re.MULTILINE)
_FILE_START = re.compile(r"^ +Duration: .*?, start: (-?\d+\.\d+)", re.MULTILINE)
_STREAM_START = re.compile(r", start (-?\d+\.\d+)")


@dataclass(frozen=True, slots=True)
class Probe:
    """The form and the clocks of a file.

    Attributes:
        format: What ffmpeg takes the file for, as ``mpegts``; empty where it does not say.
        start: The container's zero: the first stamp of any of its streams, in seconds.
        video_start: First stamp of the video, in the same seconds.
        has_sound: Whether there is an audio stream.
    """

    format: str = ""
    start: float = 0.0
    video_start: float = 0.0
    has_sound: bool = False


def probe(path: Path) -> Probe:
    """Read the header of `path`. What ffmpeg does not tell within 20 s stays at its default."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-i", f"file:{path}"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=20)  # noqa: S603
    except subprocess.TimeoutExpired:
        return Probe()
    said = done.stderr.decode(errors="replace")
    file_start = _FILE_START.search(said)
    start = float(file_start[1]) if file_start else 0.0
    streams = _STREAM.findall(said)
    video = next((facts for kind, facts in streams if kind == "Video"), "")
    video_start = _STREAM_START.search(video)  # not written where it is 0
    form = _FORMAT.search(said)
    return Probe(
        format=form[1] if form else "",
        start=start,
        video_start=float(video_start[1]) if video_start else 0.0,
        has_sound=any(kind == "Audio" for kind, _ in streams),
    )
