"""A stretch of sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A stretch of mono sound.

    Attributes:
        samples: float32 ``(n,)`` in -1..1, read-only.
        rate: Samples per second.
        time: Start, in seconds since the source's ``open()``; picture and sound share that zero.
        source: The name of the source in the configuration; the pipeline writes it.
    """

    samples: NDArray[np.float32]
    rate: int
    time: float
    source: str = ""

    def __post_init__(self) -> None:
        self.samples.flags.writeable = False

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

    @property
    def end(self) -> float:
        """End, in seconds since the source's ``open()``."""
        return self.time + self.duration
