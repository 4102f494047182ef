"""Whether a file that ended early is cut off, or only has a header that lies."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import imageio_ffmpeg

_CUT_OFF = ("partial file", "ended prematurely", "truncat", "end of file")


def is_cut_off(path: Path) -> bool:
    """Whether the file's end is missing.

    An AVI tells its own size (RIFF, bytes 4 to 8). The others are walked through by ffmpeg's demuxer, without decoding,
    which complains at the place where the data ends too early.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if head[:4] == b"RIFF" and len(head) == 8:  # noqa: PLR2004
        size: int = struct.unpack("<I", head[4:])[0]
        return size + 8 > path.stat().st_size
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", f"file:{path}"]
    walk = [*command, "-map", "0:v:0", "-c", "copy", "-f", "null", "-"]
    try:
        done = subprocess.run(walk, capture_output=True, check=False, timeout=60)  # noqa: S603
    except subprocess.TimeoutExpired:
        return False
    said = done.stderr.decode(errors="replace").lower()
    return any(words in said for words in _CUT_OFF)
