"""Windows of frames."""

from __future__ import annotations

from collections.abc import Iterable

from instantreact_sdk.testing.media.frames import moving_square, still
from instantreact_sdk.types import Clip, Frame


def clip(frames: Iterable[Frame], source: str = "") -> Clip:
    """Frames as one clip.

    Args:
        frames: At least one, in time order.
        source: The name of the source in the configuration.
    """
    return Clip(tuple(frames), source)


def moving_clip(length: int = 40, *, width: int = 320, height: int = 240, fps: float = 10.0, first: int = 0) -> Clip:
    """A clip of the `moving_square`: something happens in it.

    Args:
        length: How many frames, as `Captioner.clip_length`.
        width: In pixels.
        height: In pixels.
        fps: Frames per second.
        first: Number of the first frame; the clip begins at ``first / fps`` seconds.
    """
    return clip(moving_square(length, width=width, height=height, fps=fps, first=first))


def still_clip(length: int = 40, *, width: int = 320, height: int = 240, fps: float = 10.0, first: int = 0) -> Clip:
    """A clip in which nothing moves; its arguments are those of `moving_clip`."""
    return clip(still(length, width=width, height=height, fps=fps, first=first))
