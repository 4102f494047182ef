"""What can be set for a camera."""

from __future__ import annotations

from pydantic import Field

from instantreact_sdk import Options, Secret


class LiveOptions(Options):
    """The options that concern live sources; those of the source `video` build on them."""

    url: Secret
    """A file, a folder or a pattern of pictures, the number of a webcam, or an ``rtsp://`` or ``http://`` address."""

    open_timeout: float = Field(default=8.0, gt=0, le=120)
    """Seconds that a camera may take to answer and to describe its stream."""

    read_timeout: float = Field(default=4.0, gt=0, le=600)
    """Seconds without a picture after which a camera counts as lost and is connected to anew."""

    black_after: float = Field(default=10.0, ge=0)
    """Seconds of darkness after which a camera is reported as black; 0 never reports it."""

    frozen_after: float = Field(default=30.0, ge=0)
    """Seconds of identical pictures after which a camera is reported as frozen; 0 never reports it."""

    decoder_threads: int = Field(default=1, ge=1, le=16)
    """Threads that decode one camera. Each beyond the first delays the picture by a frame; 4K may need some."""
