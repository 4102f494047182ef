"""What can be set of a video source."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from instantreact_opencv.live_options import LiveOptions


class VideoOptions(LiveOptions):
    """Options of `opencv/video`: those of live sources, and what concerns files."""

    fps: float = Field(10.0, gt=0, le=1000)
    """Pictures a second of a folder or a pattern; they carry no time of their own. A video's comes from its stream."""

    rotate: Literal["auto", 0, 90, 180, 270] = "auto"
    """Degrees clockwise to turn the pictures as they are stored; `auto` does what the file says of itself."""
