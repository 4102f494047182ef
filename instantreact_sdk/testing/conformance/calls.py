"""What a process calls of a component, how long that may take, and what it means when it does not come back."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from typing import Any

from instantreact_sdk.errors.wording import signal_name
from instantreact_sdk.pipeline import CALL_LIMIT, OPEN_LIMIT

_MAIN = ("detect", "caption", "recognize", "notify", "update", "replies", "frames", "sound")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds.

    Attributes:
        call: One call of the method that does the work; by default, as that in a pipeline.
        open: Everything else that the component does: importing, `open`, `close`. Likewise.
        check: A whole check.
    """

    call: float = CALL_LIMIT
    open: float = OPEN_LIMIT
    check: float = 600.0


class Ended(Exception):  # noqa: N818  (it becomes a result)
    """A process hung, and has to be killed, or died; the message says so as a sentence without a full stop."""


STRAY = "it wrote to descriptors that are not its own"
"""What a process did that told nonsense: a component shares it, and may write where it should not."""


def read_fact(line: bytes) -> dict[str, Any]:
    """What a process told in one line.

    Raises:
        Ended: It is none of ours.
    """
    try:
        fact = json.loads(line)
    except (ValueError, RecursionError):
        raise Ended(STRAY) from None
    if not isinstance(fact, dict):
        raise Ended(STRAY)
    return fact


class Calls:
    """The calls that a process announced and that have not come back: of each thread the last.

    Args:
        limits: How long each may take.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._begun: dict[int, tuple[str, float]] = {}

    def note(self, what: str, thread: int) -> None:
        """A thread calls something; an empty text: it came back."""
        self._begun.pop(thread, None)
        if what:
            self._begun[thread] = what, time.monotonic()

    def clear(self) -> None:
        """Forget them all."""
        self._begun.clear()

    def end(self) -> float:
        """When the first of them is overdue, by `time.monotonic`; infinity where nothing is called."""
        return min((since + self._limit(what) for what, since in self._begun.values()), default=math.inf)

    def overdue(self) -> str:
        """What did not return in time, in words; empty for nothing."""
        now = time.monotonic()
        late = (what for what, since in self._begun.values() if since + self._limit(what) <= now)
        return next((f"{what} did not return within {self._limit(what):g} s" for what in late), "")

    def current(self) -> str:
        """What is being called; "it" where nothing is, as the subject of a sentence."""
        return next((what for what, _ in self._begun.values()), "it")

    def death(self, code: int) -> str:
        """What the end of the process means, in words.

        Args:
            code: Its exit code; of one that a signal killed, minus the signal's number.
        """
        if code >= 0:
            return f"{self.current()} ended the process (exit code {code})"
        return f"{self.current()} killed the process ({signal_name(-code)})"

    def _limit(self, what: str) -> float:
        return self._limits.call if what in _MAIN else self._limits.open
