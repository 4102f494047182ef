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
        self._times: dict[Activity, int] = {}

    def add(self, activity: Activity, times: int) -> None:
        """It was seen so many times more; -1 when what came next shows that it was harmless the last time."""
        with self._lock:
            if activity in self._times or sum(other.need == activity.need for other in self._times) < _MOST:
                self._times[activity] = max(self._times.get(activity, 0) + times, 0)

    def seen(self) -> tuple[Activity, ...]:
        """All so far."""
        with self._lock:
            return tuple(activity for activity, times in self._times.items() if times > 0)
