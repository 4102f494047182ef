"""What is known of the run since the last save, for everyone who looks on."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

Fact = dict[str, Any]
"""One thing that came to be known, JSON-able; ``fact["is"]`` says of which sort it is.

``run`` (a save was seen), ``component`` (it was loaded and opened), ``frame``, ``call``, ``said``, ``level``, ``told``, ``health``,
``printed``, ``failed``, ``looked`` (the inputs are through), ``checks`` (which there are), ``check``, ``checked``.
"""


class Journal:
    """Facts of the current run, in order. One thread writes a run; any number of others read."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._run = 0
        self._facts: list[Fact] = []
        self._closed = False

    def begin(self, **about: Any) -> int:
        """Forget the last run; a new one has the next number."""
        with self._news:
            self._run += 1
            self._facts = [{"is": "run", "number": self._run, **about}]
            self._news.notify_all()
            return self._run

    def add(self, fact: Fact) -> None:
        """Something came to be known."""
        with self._news:
            self._facts.append(fact)
            self._news.notify_all()

    def close(self) -> None:
        """Nothing will come any more; whoever waits is let go."""
        with self._news:
            self._closed = True
            self._news.notify_all()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def facts(self) -> Sequence[Fact]:
        """All of the current run, so far."""
        with self._news:
            return tuple(self._facts)

    def after(self, run: int, position: int, timeout: float) -> tuple[int, Sequence[Fact]]:
        """What a reader does not know yet, as soon as there is something.

        Args:
            run: The run that it has read in; 0 for none.
            position: How many facts of it.
            timeout: Seconds to wait at most.

        Returns:
            The number of the current run, and its facts: those after `position`, or all of another run.
        """
        with self._news:
            self._news.wait_for(
                lambda: self._closed or self._run != run or len(self._facts) > position, timeout=timeout
            )
            return self._run, tuple(self._facts[position:] if self._run == run else self._facts)
