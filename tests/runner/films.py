"""Short real films, and what ffmpeg knows of a film."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from instantreact_sdk.report.encoder import ffmpeg


def cut(film: Path, to: Path, seconds: float) -> Path:
    """The first seconds of a film, as they are."""
    command = [ffmpeg(), "-v", "error", "-y", "-i", str(film), "-t", str(seconds), "-c", "copy", "-an", str(to)]
    subprocess.run(command, check=True, timeout=60)
    return to


@dataclass(frozen=True)
class Film:
    """What ffmpeg found when it played a film to its end."""

    codec: str
    pixels: str
    frames: int
    seconds: float


def played(film: Path) -> Film:
    """Play a film; whatever is wrong in it fails the test."""
    command = [ffmpeg(), "-hide_banner", "-i", str(film), "-map", "0:v", "-f", "null", "-"]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stderr
    assert "rror" not in said, said
    video = re.search(r"Video: (\w+).*?, (yuv\w+)", said)
    duration = re.search(r"Duration: (\d+):(\d+):([\d.]+)", said)
    frames = re.findall(r"frame=\s*(\d+)", said)
    assert video
    assert duration
    hours, minutes, seconds = duration.groups()
    return Film(video[1], video[2], int(frames[-1]), int(hours) * 3600 + int(minutes) * 60 + float(seconds))
