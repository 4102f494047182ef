"""A window of frames, for captioners."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instantreact_sdk.types.frame import Frame


@dataclass(frozen=True, slots=True)
class Clip:
    """Consecutive sampled frames of one source.

    Attributes:
        frames: At least one frame, in time order. Windows keep only the sizes that captioners declared as
            their `input_size`; without any declared, the frames are whole.
        source: The name of the source in the configuration.
    """

    frames: tuple[Frame, ...]
    source: str = ""

    @property
    def start(self) -> float:
        """Time of the first frame, seconds since the source's ``open()``."""
        return self.frames[0].time

    @property
    def end(self) -> float:
        """Time of the last frame, seconds since the source's ``open()``."""
        return self.frames[-1].time

    def images(self, width: int, height: int) -> NDArray[np.uint8]:
        """All frames as one array: uint8 RGB ``(len(frames), height, width, 3)``."""
        return np.stack([frame.resized(width, height) for frame in self.frames])
