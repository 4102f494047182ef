"""How far a long work is: a bar with the time that is left, or a line now and then where nobody sees bars."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from instantreact_sdk.cli.terminal import Terminal
from instantreact_sdk.errors.wording import clock

_BETWEEN = 10.0
"""Seconds from one plain line to the next."""


class ProgressBar:
    """An `instantreact_sdk.Progress` on standard error, to be used in a ``with``.

    Each time that the count goes back, or the total changes, something new has begun.

    Args:
        quiet: Whether to show nothing.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Terminal(stderr=True, quiet=quiet, soft_wrap=True)
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=quiet or not self._console.is_terminal,
            speed_estimate_period=300,
        )
        self._task = self._bars.add_task("", total=None)
        self._first, self._last, self._total = 0, 0, -1
        self._began = self._told = time.monotonic()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def __call__(self, done: int, total: int, what: str) -> None:
        """So many steps of so many are done."""
        now = time.monotonic()
        if total != self._total or done < self._last:
            self._first, self._began, self._total = done, now, total
            self._told = now
            self._bars.reset(self._task, total=total, completed=done)
        self._last = done
        self._bars.update(self._task, completed=done, total=total, description=what)
        if not self._console.is_terminal and now - self._told >= _BETWEEN:
            self._told = now
            self._console.print(f"{what}: {done} of {total}{self._left(now)}")

    def _left(self, now: float) -> str:
        steps, seconds = self._last - self._first, now - self._began
        if not steps or self._last >= self._total:
            return ""
        return f", {clock(seconds / steps * (self._total - self._last))} left"
