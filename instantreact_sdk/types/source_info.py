"""What an opened source says of itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source once it is open. Headers lie: treat the optional figures as hints.

    Attributes:
        width: Of the first frame, in pixels, as it will be shown (rotation applied).
        height: Of the first frame, in pixels.
        live: True where frames that are not taken in time are gone.
        fps: Nominal frames per second, or None.
        duration: Seconds, or None for live sources and where the header is not to be believed.
        has_sound: Whether ``sound()`` will give anything.
        codec: How the pictures are coded (``h264``, ``mjpg``); empty where it is not known.
    """

    width: int
    height: int
    live: bool
    fps: float | None = None
    duration: float | None = None
    has_sound: bool = False
    codec: str = ""
