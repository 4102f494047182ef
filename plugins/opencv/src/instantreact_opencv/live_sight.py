"""Whether a camera that delivers pictures shows anything."""

from __future__ import annotations

from typing import Literal

from instantreact_sdk import Pixels

_GRID = 24
_DARK = 24


class Sight:
    """Finds a camera that is black or frozen, from some 600 pixels of each picture.

    A picture is dark where none of them is brighter than 24 of 255, and frozen where all of them are as before; the noise of
    any real sensor changes some.

    Args:
        black_after: Seconds of darkness that count as black; 0 never does.
        frozen_after: Seconds of identical pictures that count as frozen; 0 never does.
    """

    def __init__(self, black_after: float, frozen_after: float) -> None:
        self._black_after = black_after
        self._frozen_after = frozen_after
        self._sample = b""
        self._changed = 0.0
        self._bright = 0.0

    def restart(self, time: float) -> None:
        """Forget what was seen: a new connection begins."""
        self._sample = b""
        self._changed = self._bright = time

    def look(self, pixels: Pixels, time: float) -> Literal["black", "frozen"] | None:
        """What is wrong with the sight at this picture, if anything.

        Args:
            pixels: uint8 ``(height, width, 3)``.
            time: Of the picture, in seconds.
        """
        height, width = pixels.shape[:2]
        sample = pixels[:: max(1, height // _GRID), :: max(1, width // _GRID)]
        if sample.max() > _DARK:
            self._bright = time
        if (now := sample.tobytes()) != self._sample:
            self._sample, self._changed = now, time
        if self._black_after and time - self._bright >= self._black_after:
            return "black"
        if self._frozen_after and time - self._changed >= self._frozen_after:
            return "frozen"
        return None
