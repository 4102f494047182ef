"""What a process writes to its standard output and error, by whatever means."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Overheard:
    """What was written; complete when the context has ended."""

    out: str = ""
    err: str = ""


@contextmanager
def overhearing(folder: Path) -> Iterator[Overheard]:
    """While this lasts, what is written to the descriptors 1 and 2 goes to files, in Python, in C, and by children.

    Args:
        folder: Where the files may be.
    """
    heard = Overheard()
    files = folder / "stdout", folder / "stderr"
    _flush()
    kept = os.dup(1), os.dup(2)
    try:
        for descriptor, path in enumerate(files, 1):
            with path.open("ab") as file:
                os.dup2(file.fileno(), descriptor)
        yield heard
    finally:
        _flush()
        for descriptor, (path, own) in enumerate(zip(files, kept, strict=True), 1):
            os.dup2(own, descriptor)
            os.close(own)
            setattr(heard, ("out", "err")[descriptor - 1], path.read_text(encoding="utf-8", errors="replace"))


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    ctypes.CDLL(None).fflush(None)  # printf waits in a buffer of the C library
