"""Pictures that are nearly the same: frames of one scene, copies in another size or quality.

A picture is shrunk to 17 x 16 grey fields, and its print says of each field whether the one to the right is brighter: 256
bits (difference hash, after Neal Krawetz, "Kind of Like That", 2013). Prints of two pictures without anything in common
differ in about 128 bits. A copy of two thirds the size at JPEG quality 50 differed in at most 30, while no two of 1,450 photographs of
PASCAL VOC 2012 differed in fewer than 56; `ALIKE` lies between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

ALIKE = 32
"""Pictures are alike whose prints differ in so many bits or fewer."""

_SIDE = 16
_BITS = _SIDE * _SIDE
_AT_ONCE = 2048

Print = NDArray[np.bool_]
"""The print of a picture: bool ``(256,)``."""


def print_of(picture: Image) -> Print:
    """The print of an upright picture."""
    from PIL.Image import Resampling

    small = picture.convert("L").resize((_SIDE + 1, _SIDE), Resampling.BOX)
    fields = np.asarray(small, np.int16)
    return (fields[:, 1:] > fields[:, :-1]).ravel()


def alike(prints: Sequence[Print]) -> Iterator[tuple[int, int, int]]:
    """Pairs of pictures that are nearly the same: positions ``(first, second)`` and in how many bits they differ.

    Args:
        prints: Of n pictures. Compares all of them, by matrix products: 100,000 pictures take 5e12 operations.
    """
    if not prints:
        return
    signs = np.where(np.stack(prints), np.float32(1), np.float32(-1))
    for first in range(0, len(signs), _AT_ONCE):
        rows = signs[first : first + _AT_ONCE]
        # Equal bits add 1, others take 1 away: a product of 256 - 2 d means that d bits differ.
        differing = (_BITS - rows @ signs[first:].T) / 2
        for row, column in np.argwhere(np.triu(differing <= ALIKE, 1)).tolist():
            yield first + row, first + column, int(differing[row, column])


def groups(count: int, pairs: Iterator[tuple[int, int]]) -> list[list[int]]:
    """Positions 0 to `count` - 1, those together that are joined by pairs, directly or through others."""
    leader = list(range(count))

    def leads(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for first, second in pairs:
        low, high = sorted((leads(first), leads(second)))
        leader[high] = low
    found: dict[int, list[int]] = {}
    for one in range(count):
        found.setdefault(leads(one), []).append(one)
    return list(found.values())
