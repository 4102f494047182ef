"""A stretch of sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.types.read_only import read_only


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A stretch of mono sound.

    Attributes:
        samples: float32 ``(n,)`` in -1..1, read-only. The chunk takes them over; the caller must not write to them again.
        rate: Samples per second.
        time: Start, in seconds since the source's ``open()``; picture and sound share that zero.
        source: The name of the source in the configuration; the pipeline writes it.

    Raises:
        InstantReactError: IR4011, `samples` are something else.
    """

    samples: NDArray[np.float32]
    rate: int
    time: float
    source: str = ""

    def __post_init__(self) -> None:
        samples = self.samples
        if not isinstance(samples, np.ndarray) or samples.dtype != np.float32 or samples.ndim != 1:
            got = (
                f"{samples.dtype} {samples.shape}" if isinstance(samples, np.ndarray) else f"a {type(samples).__name__}"
            )
            raise InstantReactError(
                "IR4011", what="AudioChunk.samples", wanted="a float32 array of shape (n,)", got=got
            )
        object.__setattr__(self, "samples", read_only(samples))

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

    @property
    def end(self) -> float:
        """End, in seconds since the source's ``open()``."""
        return self.time + self.duration
