"""Files that are there whole, or as they were before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from instantreact_sdk import InstantReactError


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Write a file that takes the place of an older one once it is on the disk; neither a kill nor a power cut leaves half of it.

    Its folder is made where it is missing. Until the end its name has ``.part`` behind it: what a kill leaves of that is overwritten the
    next time, what an error leaves is removed.

    Raises:
        InstantReactError: IR4020, it cannot be written.
    """
    half = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with half.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the new name, too, has to be on the disk
        finally:
            os.close(folder)
    except (OSError, RuntimeError) as error:
        # Of a full disk torch's writer makes a RuntimeError about positions.
        reason = error if isinstance(error, OSError) else error.__context__
        if not isinstance(reason, OSError):
            raise
        raise InstantReactError("IR4020", path=path, problem=reason.strerror or reason) from error
