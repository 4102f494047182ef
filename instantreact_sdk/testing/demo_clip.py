"""A short film for the demo and for tests: drawn figures in a yard at night, and a call for help."""

from __future__ import annotations

import subprocess
import tempfile
import wave
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.report.encoder import Encoder, ffmpeg
from instantreact_sdk.report.snapshots import write_snapshot
from instantreact_sdk.testing.demo_scene import SPEECH, WORDS, DemoScene
from instantreact_sdk.testing.speech import spoken

_SEED = 20
_HUSH = 0.0025  # root mean square of the night


def render_demo_clip(path: Path, *, seconds: float = 20.0, width: int = 640, height: int = 360, fps: int = 12) -> None:
    """Renders the demo clip: MP4 with H.264 and AAC.

    What happens in it, and when, is in `instantreact_sdk.testing.demo_scene`. The picture is the same in every run on one machine.

    Args:
        path: The file, replaced where it exists.
        seconds: Its length; after 20 s nothing more happens.
        width: In pixels, even.
        height: In pixels, even.
        fps: Pictures per second.

    Raises:
        InstantReactError: IR6001 without the extra ``demo``; IR4020 where the file cannot be written.
    """
    import cv2

    samples, rate = _sound(seconds)
    scene = DemoScene(width, height)
    with tempfile.TemporaryDirectory() as folder:
        picture, sound = Path(folder, "picture.mp4"), Path(folder, "sound.wav")
        with Encoder(picture, width, height, fps) as encoder:
            for index in range(round(seconds * fps)):
                drawn = scene.picture(index / fps, index)
                encoder.write(cv2.cvtColor(drawn, cv2.COLOR_RGB2YUV_I420))  # type: ignore[arg-type]
        _write_wave(sound, samples, rate)
        _join(picture, sound, path)


def render_demo_pictures(
    folder: Path, *, seconds: float = 20.0, width: int = 640, height: int = 360, fps: int = 4
) -> None:
    """Draws the demo clip as pictures: ``0001.jpg``, ``0002.jpg``, ...

    Args:
        folder: Where to; made where it is not there. Pictures of the same names are replaced.
        seconds: Length of the clip.
        width: In pixels.
        height: In pixels.
        fps: Pictures per second.

    Raises:
        InstantReactError: IR6001 without the extra ``report``; IR4020 where a picture cannot be written.
    """
    scene = DemoScene(width, height)
    for index in range(round(seconds * fps)):
        write_snapshot(folder / f"{index + 1:04}.jpg", scene.picture(index / fps, index), [])


def demo_pipeline() -> str:
    """The pipeline file that goes with the clip, which it expects beside it as ``yard.mp4``."""
    return (files("instantreact_sdk.testing") / "demo.yaml").read_text(encoding="utf-8")


def _sound(seconds: float) -> tuple[NDArray[np.float32], int]:
    """The night, with the call in it."""
    call, rate = spoken(WORDS)
    noise = np.random.default_rng(_SEED).standard_normal(round(seconds * rate)).astype(np.float32)
    low = np.convolve(noise, np.hanning(64).astype(np.float32), mode="same")  # a far street, not a hiss
    samples = low * np.float32(_HUSH / max(float(np.sqrt(np.mean(low**2))), 1e-9))
    start = round(SPEECH * rate)
    heard = call[: max(0, len(samples) - start)]
    samples[start : start + len(heard)] += heard
    return np.clip(samples, -1, 1), rate


def _write_wave(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def _join(picture: Path, sound: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [
        *(ffmpeg(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-i", str(picture), "-i", str(sound)),
        *("-c:v", "copy", "-c:a", "aac", "-b:a", "64k", "-movflags", "+faststart", "-f", "mp4", str(path.absolute())),
    ]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603  (our own command)
    if done.returncode:
        raise InstantReactError(
            "IR4020", path=path, problem=done.stderr.strip() or f"ffmpeg ended with {done.returncode}"
        )
