"""Decoded pictures in memory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import prod
from mmap import mmap

import numpy as np

from instantreact_sdk import Pixels


class PixelCache:
    """Decoded pictures in memory that forked workers share.

    The first pictures that fit are kept, and none makes room for another: each is drawn once an epoch, so whichever came last
    would always be thrown away before it is drawn again. Memory is taken as pictures are put in. It is anonymous, for the
    shared memory of a container (``/dev/shm``) often has 64 MB.

    Args:
        shapes: ``(height, width, channels)`` of each picture.
        megabytes: How much of it there is at most.
    """

    def __init__(self, shapes: Sequence[tuple[int, int, int]], megabytes: float) -> None:
        self._shapes = shapes
        ends = [end for end in accumulate(prod(shape) for shape in shapes) if end <= megabytes * 1e6]
        self._starts = [0, *ends]
        self._fitting = len(ends)
        self._full = np.frombuffer(mmap(-1, max(1, self._fitting)), np.bool_)
        self._memory = np.frombuffer(mmap(-1, max(1, self._starts[-1])), np.uint8)

    def get(self, index: int) -> Pixels | None:
        """The picture, or None where it is not there; a view of the memory."""
        return self._place(index) if index < self._fitting and self._full[index] else None

    def put(self, index: int, pixels: Pixels) -> None:
        """Keep a picture, where it fits. Workers that put the same one at once write the same."""
        if index < self._fitting:
            self._place(index)[:] = pixels
            self._full[index] = True

    def _place(self, index: int) -> Pixels:
        return self._memory[self._starts[index] : self._starts[index + 1]].reshape(self._shapes[index])
