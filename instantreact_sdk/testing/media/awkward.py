"""What a component meets sooner or later, and has to survive. The names fit into a sentence: "failed on NAME"."""

from __future__ import annotations

import numpy as np

from instantreact_sdk.testing.media.clips import clip, moving_clip, still_clip
from instantreact_sdk.testing.media.frames import frame, moving_square
from instantreact_sdk.testing.media.sounds import noise, silence, tone
from instantreact_sdk.types import AudioChunk, Clip, Frame, Pixels

_SEED = 3
_DAYS = 100 * 86_400.0


def awkward_frames() -> dict[str, Frame]:
    """Frames of odd sizes and contents, by name, in time order: number `i` of them has the time ``i / 10`` seconds."""
    pixels = {
        "a frame of one pixel": _plain(1, 1),
        "a frame of one row": _plain(640, 1),
        "a frame of one column": _plain(1, 480),
        "a frame of odd width and height": _plain(321, 239),
        "a frame 50 times as wide as high": _plain(1600, 32),
        "a frame 50 times as high as wide": _plain(32, 1600),
        "a frame of 4000 x 3000 pixels": _plain(4000, 3000),
        "a black frame": _plain(320, 240, 0),
        "a white frame": _plain(320, 240, 255),
        "a grey frame": _plain(320, 240, 128),
        "a frame of noise": np.random.default_rng(_SEED).integers(0, 256, (240, 320, 3), np.uint8),
    }
    return {name: Frame(picture, time=index / 10, index=index) for index, (name, picture) in enumerate(pixels.items())}


def awkward_clips(length: int = 40) -> dict[str, Clip]:
    """Clips that are short or odd, by name.

    Args:
        length: How many frames a whole clip has, as `Captioner.clip_length`.
    """
    before = moving_square(length, width=64, height=48)
    after = moving_square(length, width=64, height=48, first=599)
    half = (length + 1) // 2
    return {
        "a clip of one frame": moving_clip(1, width=64, height=48),
        "a clip of half the length": moving_clip(half, width=64, height=48),
        "a clip in which nothing moves": still_clip(length, width=64, height=48),
        "a clip of noise": clip(
            Frame(
                np.random.default_rng((_SEED, index)).integers(0, 256, (48, 64, 3), np.uint8),
                time=index / 10,
                index=index,
            )
            for index in range(length)
        ),
        "a clip of frames of two sizes": clip(
            frame(*((64, 48) if index < half else (48, 64)), time=index / 10, index=index) for index in range(length)
        ),
        "a clip with a gap of a minute": clip([*before[:half], *after[half:]]),
        "a clip that starts after 100 days": moving_clip(length, width=64, height=48, first=round(_DAYS * 10)),
    }


def awkward_sounds(rate: int = 16_000, max_seconds: float = 10.0) -> dict[str, AudioChunk]:
    """Sounds of odd lengths and contents, by name; none is longer than `max_seconds`.

    Args:
        rate: Samples per second, as `AudioRecognizer.sample_rate`.
        max_seconds: As `AudioRecognizer.max_seconds`.
    """
    count = int(min(1.0, max_seconds) * rate)  # rounding up would make them too long
    seconds = count / rate
    square = np.where(np.arange(count) // max(1, rate // 400) % 2, -1.0, 1.0)  # about 200 Hz
    return {
        "no samples at all": silence(0, rate),
        "one sample": AudioChunk(np.full(1, 0.5, np.float32), rate, 0.0),
        "silence": silence(seconds, rate),
        "a full-scale square wave": AudioChunk(square.astype(np.float32), rate, 0.0),
        "a constant offset": AudioChunk(np.full(count, 0.5, np.float32), rate, 0.0),
        "the loudest noise": noise(seconds, rate, level=1.0),
        "a sound that nobody can hear": tone(rate / 32, seconds, rate, level=1e-7),
        "a sound of the longest length": noise(int(max_seconds * rate) / rate, rate),
        "a sound that starts after 100 days": noise(seconds, rate, time=_DAYS),
    }


def awkward_texts() -> dict[str, str]:
    """Messages that services trip over, by name. All are whole Unicode (no lone surrogates), none is empty."""
    return {
        "a text of one letter": "a",
        "a text with emoji": "Fire! \N{FIRE} \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd \U0001f1e8\U0001f1f2",
        "a text written from right to left": "\u05de\u05d9\u05e9\u05d4\u05d5 \u05d1\u05e9\u05e2\u05e8, \u0634\u062e\u0635 \u0639\u0646\u062f \u0627\u0644\u0628\u0627\u0628",
        "a text with combining marks": "Cafe\u0301, A\u030angstro\u0308m",
        "a text of 10,000 characters": "".join(f"Gate {number:03}. " for number in range(1_000)),
        "a text of several lines": "First line\nsecond line\r\nthird line\n\nlast line",
        "a text with quotes and backslashes": "\"double\", 'single', `back`, C:\\new\\table, 100 %, {name}, $HOME",
        "a text with HTML": "<b>Gate</b> & <script>alert(1)</script> &amp; <!-- -->",
        "a text with Markdown": "*bold* _under_ [link](https://example.org) # heading | table | ~~gone~~ @everyone",
        "a text with JSON": '{"text": "Gate", "list": [1, null]}',
        "a text with a control character": "bell \x07, escape \x1b[31m, null \x00, end",
        "a text of spaces around": "  at the gate \t ",
    }


def _plain(width: int, height: int, level: int = 90) -> Pixels:
    return np.full((height, width, 3), level, np.uint8)
