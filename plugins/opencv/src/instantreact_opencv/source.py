"""The source `video`: decides by the address which reader does the work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Protocol

from instantreact_opencv import pictures
from instantreact_opencv.files import FileReader
from instantreact_opencv.live_address import LIVE_SCHEMES
from instantreact_opencv.options import VideoOptions
from instantreact_sdk import AudioChunk, Context, Frame, FrameSource, InstantReactError, SourceInfo

__all__ = ["VideoOptions", "VideoSource"]


class Reader(Protocol):
    """What reads one kind of address; made of the source's options and context."""

    def open(self) -> SourceInfo:
        """Open it and look at the first picture.

        Raises:
            InstantReactError: IR3xxx; it cannot be read.
        """

    def frames(self) -> Iterator[Frame]:
        """As `FrameSource.frames`."""

    def close(self) -> None:
        """Free everything, from any thread; `frames` then ends."""


class VideoSource(FrameSource):
    """Video files, pictures, webcams, RTSP and HTTP cameras, by one address.

    Args:
        options: The address, and what cannot be known from it.
    """

    def __init__(self, options: VideoOptions) -> None:
        self.options = options
        self._reader: Reader | None = None
        self._info: SourceInfo | None = None

    def open(self, context: Context) -> None:
        """Open the address.

        Raises:
            InstantReactError: IR3xxx; it cannot be read.
        """
        self.close()
        self._reader = _reader(self.options, context)
        try:
            self._info = self._reader.open()
        except BaseException:
            self.close()
            raise

    @property
    def info(self) -> SourceInfo:
        """What is known of the source; asked once it is open."""
        assert self._info is not None, "asked before open()"
        return self._info

    @property
    def problem(self) -> InstantReactError | None:
        """Why a camera gives no pictures at the moment; None where it does, and for files."""
        return getattr(self._reader, "problem", None)

    def frames(self) -> Iterator[Frame]:
        """All frames, with the stream's own times."""
        return self._reader.frames() if self._reader else iter(())

    def sound(self, rate: int) -> Iterator[AudioChunk]:
        """All sound of a file, mono, at `rate`; none from pictures and cameras."""
        return self._reader.sound(rate) if isinstance(self._reader, FileReader) else iter(())

    def close(self) -> None:
        """Free the file or camera, and every ffmpeg that was started."""
        if self._reader:
            self._reader.close()
            self._reader = None


def _reader(options: VideoOptions, context: Context) -> Reader:
    url = options.url.get_secret_value()
    scheme, separator, rest = url.partition("://")
    if url.isdecimal() or scheme.lower() in LIVE_SCHEMES:
        from instantreact_opencv.live import LiveReader

        return LiveReader(options, context)
    if separator and scheme != "file":
        raise InstantReactError("IR3006", scheme=scheme)
    path = context.base / os.path.expanduser(rest if separator else url)  # noqa: PTH111  (pathlib raises for unknown users)
    if pictures.are_at(path):
        return pictures.PictureReader(path, options, context)
    return FileReader(path, options, context)
