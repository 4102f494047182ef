"""One picture of a source, at one moment."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.types.read_only import read_only

Pixels = NDArray[np.uint8]
"""An image: uint8, shape ``(height, width, 3)``."""


class Frame:
    """One picture of a source, in the order in which its decoder gave it.

    The colour conversion and every resize are made on first use and kept, so that ten components that
    ask for the same picture pay for it once. All arrays that a frame hands out are read-only.

    Args:
        pixels: uint8 ``(height, width, 3)``. The frame takes it over; the caller must not write to it again.
        time: Seconds since the source's ``open()``, from the stream's own timestamps, 0 or more.
        index: Number of the frame in its source, from 0, counting the ones that nobody asked for.
        order: Colour order of `pixels`.
        wall: Wall-clock time in UTC (timezone-aware); live sources only.

    Raises:
        InstantReactError: IR4007, `pixels` are something else.

    Example:
        >>> import numpy as np
        >>> frame = Frame(np.zeros((4, 6, 3), np.uint8), time=0.5, index=12)
        >>> frame.width, frame.height, frame.image.shape
        (6, 4, (4, 6, 3))
    """

    __slots__ = ("_image", "_lock", "_order", "_pixels", "_resized", "index", "source", "time", "wall")

    def __init__(
        self,
        pixels: Pixels,
        *,
        time: float,
        index: int,
        order: Literal["RGB", "BGR"] = "RGB",
        wall: datetime | None = None,
    ) -> None:
        if not isinstance(pixels, np.ndarray):
            raise InstantReactError("IR4007", problem=f"a {type(pixels).__name__}")
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:  # noqa: PLR2004  (rows, columns, colours)
            raise InstantReactError("IR4007", problem=f"{pixels.dtype} {pixels.shape}")
        self._pixels = read_only(pixels)
        self._order = order
        self._lock = threading.Lock()
        self._image: Pixels | None = None
        self._resized: dict[tuple[int, int], Pixels] | None = None
        self.time = float(time)
        self.index = int(index)
        self.wall = wall
        self.source = ""
        """The name of the source in the configuration; the pipeline writes it."""

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self._pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self._pixels.shape[0])

    @property
    def image(self) -> Pixels:
        """The full picture: uint8 RGB ``(height, width, 3)``, read-only."""
        if self._image is None:
            with self._lock:
                if self._image is None:
                    self._image = _rgb(self._pixels, self._order)
        return self._image

    def resized(self, width: int, height: int) -> Pixels:
        """The picture at another size: uint8 RGB ``(height, width, 3)``, read-only.

        The aspect ratio is not kept. The resize runs in the decoder's own colour order and only the small
        result is converted; area averaging is used to shrink (no aliasing), linear interpolation to enlarge.

        Args:
            width: Target width in pixels, 1 or more.
            height: Target height in pixels, 1 or more.
        """
        if (width, height) == (self.width, self.height):
            return self.image
        with self._lock:
            if self._resized is None:
                self._resized = {}
            found = self._resized.get((width, height))
            if found is None:
                found = self._resized[width, height] = _rgb(_resize(self._pixels, width, height), self._order)
        return found

    def only(self, sizes: frozenset[tuple[int, int]]) -> Frame:
        """A frame of the same moment that holds nothing but the given ``(width, height)`` sizes.

        Windows of frames are made of these, so that the full pictures can go. Its `width` and `height` are those of
        the largest size. Without sizes it is this frame itself.
        """
        if not sizes:
            return self
        kept = {size: self.resized(*size) for size in sizes}
        small = Frame(kept[max(sizes)], time=self.time, index=self.index, wall=self.wall)
        small.source = self.source
        small._resized = kept
        return small

    def __repr__(self) -> str:
        return f"Frame({self.source or '?'} #{self.index} at {self.time:.3f} s, {self.width}x{self.height})"


def _rgb(pixels: Pixels, order: str) -> Pixels:
    if order == "RGB":
        return pixels
    import cv2

    converted: Pixels = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)  # type: ignore[assignment]
    return read_only(converted)


def _resize(pixels: Pixels, width: int, height: int) -> Pixels:
    import cv2

    shrinks = width <= pixels.shape[1] and height <= pixels.shape[0]
    small: Pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)  # type: ignore[assignment]
    return read_only(small)
