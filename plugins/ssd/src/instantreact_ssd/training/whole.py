"""Files that are there whole, or as they were before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Write a file that takes the place of an older one once it is on the disk; neither a kill nor a power cut leaves half of it.

    What a kill leaves beside it, ``.part`` at its end, is overwritten the next time.
    """
    half = path.with_name(f"{path.name}.part")
    with half.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name, too, has to be on the disk
    finally:
        os.close(folder)
