"""What a sandboxed process was seen to do."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

Need = Literal["network", "files", "subprocess"]

_MOST = 50
"""Of each need. A plugin that writes ten thousand files is understood from the first fifty."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that only a plugin may do that declares it.

    Attributes:
        need: The field of `instantreact_sdk.Capabilities` that it has to declare for this.
        detail: What was done, in the past: ``opened /tmp/x.jpg for writing``.
    """

    need: Need
    detail: str


class Diary:
    """Activities in the order in which they were first seen, each once. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[Activity, None] = {}
        self._count: dict[Need, int] = {}

    def add(self, activity: Activity) -> None:
        """Remember it, unless it is there already or there are enough of its need."""
        with self._lock:
            count = self._count.get(activity.need, 0)
            if activity not in self._seen and count < _MOST:
                self._seen[activity] = None
                self._count[activity.need] = count + 1

    def seen(self) -> tuple[Activity, ...]:
        """All so far."""
        with self._lock:
            return tuple(self._seen)
