"""How a camera is doing, told once for each change."""

from __future__ import annotations

import threading
from typing import Literal

from instantreact_sdk import Context, InstantReactError

Trouble = Literal["offline", "black", "frozen"]

_DETAILS = {
    "black": "The camera delivers black pictures.",
    "frozen": "The camera delivers the same picture again and again.",
}


class LiveHealth:
    """Tells ``offline``, ``black`` and ``frozen`` when they begin, and ``online`` when they end.

    Attributes:
        problem: Why there are no pictures; None where there are.
    """

    def __init__(self, context: Context, address: str) -> None:
        self._context = context
        self._address = address
        self._lock = threading.Lock()
        self._trouble: Trouble | None = None
        self._since = 0.0
        self.problem: InstantReactError | None = None

    def lost(self, problem: InstantReactError) -> None:
        """No pictures come, for this reason. A new reason for the same outage goes to the log only."""
        with self._lock:
            news = self.problem is None or self.problem.code != problem.code
            self.problem = problem
            if self._trouble == "offline":
                if news:
                    self._context.log.warning("%s is still offline: %s", self._context.name, problem)
                return
            self._tell("offline", str(problem))

    def seen(self, trouble: Literal["black", "frozen"] | None) -> None:
        """A picture came, and shows this trouble, or none."""
        if trouble == self._trouble:
            return
        with self._lock:
            self.problem = None
            if trouble:
                self._tell(trouble, f"{_DETAILS[trouble]} ({self._address})")
                return
            was, seconds = self._trouble, self._context.clock.monotonic() - self._since
            self._trouble = None
            self._context.health("online", f"{self._address} is back after {seconds:.0f} s {was}.")

    def _tell(self, trouble: Trouble, detail: str) -> None:
        self._trouble = trouble
        self._since = self._context.clock.monotonic()
        self._context.health(trouble, detail)
