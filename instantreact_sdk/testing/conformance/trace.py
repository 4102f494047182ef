"""What a component leaves behind: threads, processes and open descriptors."""

from __future__ import annotations

import gc
import threading
import time
from contextlib import suppress
from pathlib import Path

from instantreact_sdk.errors.wording import listed

_PATIENCE = 2.0
_POLL = 0.01


class Trace:
    """What this process had when the trace began."""

    def __init__(self) -> None:
        gc.collect()
        self._threads = set(threading.enumerate())
        self._processes = _processes()
        self._descriptors = _descriptors()

    def left(self) -> str:
        """What has been added since and is still there after two seconds, in words; empty for nothing."""
        deadline = time.monotonic() + _PATIENCE
        while (left := self._left()) and time.monotonic() < deadline:  # a thread that was told to end may need a moment
            time.sleep(_POLL)
        return left

    def _left(self) -> str:
        gc.collect()
        threads = [f"the thread {thread.name}" for thread in set(threading.enumerate()) - self._threads]
        processes = [f"the process {name}" for _, name in (_processes().items() - self._processes.items())]
        descriptors = [f"{name} open" for _, name in sorted(_descriptors().items() - self._descriptors.items())]
        return listed([*sorted(threads), *sorted(processes), *descriptors], "and")


def _processes() -> dict[int, str]:
    """Children of this process by number; none where the system does not tell (it has no ``/proc``)."""
    found = {}
    for path in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            for pid in path.read_text().split():
                found[int(pid)] = Path(f"/proc/{pid}/comm").read_text().strip()
    return found


def _descriptors() -> dict[int, str]:
    """Open descriptors by number, with what they stand for; none where the system does not tell."""
    folder = next((each for each in (Path("/proc/self/fd"), Path("/dev/fd")) if each.is_dir()), None)
    found = {}
    for path in folder.iterdir() if folder else ():
        with suppress(OSError):  # that of the listing itself
            found[int(path.name)] = str(path.readlink())
    return found
