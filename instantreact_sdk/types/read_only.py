"""Arrays that nobody can write to."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item", bound=np.generic)


def read_only(array: NDArray[Item]) -> NDArray[Item]:
    """The same memory as an array whose flag `writeable` cannot be set back; `array` itself is locked, too."""
    array.flags.writeable = False
    # Of a plain view the flag can be set back while the owner of the memory, say a buffer of many frames, is writeable.
    return np.asarray(array.data.toreadonly())
