"""Room for snapshots and clips on the disk."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select

from instantreact_sdk.alerts.database import explained
from instantreact_sdk.alerts.ledger import OPEN
from instantreact_sdk.alerts.tables import deliveries

FOLDERS = ("snapshots", "clips")
"""Where a run keeps them, in its folder."""

_OURS = re.compile(r"[0-9a-f]{12}\.(jpg|mp4)")
_STEP = 20  # a part of the budget
_FRESH = 60.0  # seconds in which an alert that was just raised comes into the outbox


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What was removed to make room.

    Attributes:
        removed: The files, the oldest first.
        size: Bytes that are left.
        fits: Whether that is within the budget; where not, the rest is still to be delivered.
    """

    removed: tuple[Path, ...]
    size: int
    fits: bool


def trim(folders: Sequence[Path], budget: int, pinned: frozenset[str], *, now: float | None = None) -> Trimmed:
    """Remove the oldest snapshots and clips until those that are left are within a budget.

    Only files that runs make are counted and removed: an event's id, ``.jpg`` or ``.mp4``. Those of the last minute stay too:
    their alerts may be on their way into the outbox. A file that somebody else removes meanwhile is gone, and no error.

    Args:
        folders: Where to look; one that is not there, or cannot be read, holds nothing.
        budget: Bytes.
        pinned: Names of files that have to stay.
        now: Seconds of UTC; by default the clock's.
    """
    now = time.time() if now is None else now
    found = sorted(_files(folders))
    size = sum(bytes_ for _, bytes_, _ in found)
    removed = []
    for changed, bytes_, path in found:
        if size <= budget:
            break
        if path.name in pinned or 0 <= now - changed < _FRESH:
            continue
        with suppress(OSError):  # a folder may have become read-only; what stays goes on counting
            path.unlink(missing_ok=True)
            removed.append(path)
            size -= bytes_
    return Trimmed(tuple(removed), size, size <= budget)


def pinned(engine: Engine) -> frozenset[str]:
    """Names of the snapshots and clips of all deliveries that have not come to their end.

    Raises:
        InstantReactError: IR5003 to IR5006, the store cannot be read; then nothing may be removed.
    """
    columns = deliveries.c
    query = select(columns.snapshot, columns.clip).where(columns.status.in_(OPEN))
    with explained(engine.url), engine.connect() as connection:
        return frozenset(Path(path).name for row in connection.execute(query) for path in row if path)


class Room:
    """Keeps the evidence in a run's folder within its budget, cheaply: between two looks at the disk it only adds up.

    Args:
        out: The run's folder.
        budget: Bytes.
        pinned: Gives the names of files that have to stay; asked only when something has to go.
    """

    def __init__(self, out: Path, budget: int, pinned: Callable[[], frozenset[str]]) -> None:
        self._folders = [out / name for name in FOLDERS]
        self._budget = budget
        self._pinned = pinned
        self._size: int | None = None  # None before the first look
        self._limit = budget

    def added(self, path: Path) -> Trimmed | None:
        """A snapshot or a clip was written; None while there is room.

        Once there is none, a twentieth of the budget is freed besides. Where not enough may go, it is tried again after
        another twentieth.

        Raises:
            InstantReactError: What `pinned` raises; nothing was removed, and it is tried again after another twentieth.
        """
        if self._size is None:
            self._size = sum(bytes_ for _, bytes_, _ in _files(self._folders))
        else:
            with suppress(OSError):  # it is gone already
                self._size += path.stat().st_size
        if self._size <= self._limit:
            return None
        step = self._budget // _STEP
        self._limit = self._size + step
        trimmed = trim(self._folders, self._budget - step, self._pinned())
        self._size = trimmed.size
        fits = trimmed.size <= self._budget
        self._limit = self._budget if fits else trimmed.size + step
        return Trimmed(trimmed.removed, trimmed.size, fits)


def _files(folders: Sequence[Path]) -> Iterator[tuple[float, int, Path]]:
    """When each was changed, its bytes, and the file."""
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if _OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):
                        found = entry.stat(follow_symlinks=False)
                        yield found.st_mtime, found.st_size, Path(entry.path)
