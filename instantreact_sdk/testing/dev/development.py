"""Watching a component, and looking at it anew each time it is saved."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import NoReturn, Self

from instantreact_sdk.testing.conformance.calls import Limits
from instantreact_sdk.testing.dev.journal import Journal
from instantreact_sdk.testing.dev.run import Run, look_folder
from instantreact_sdk.testing.dev.task import Task
from instantreact_sdk.testing.dev.watching import Watched

_POLL = 0.2


class Development:
    """A component under development. Use it as a context manager, which leaves nothing behind.

    Args:
        task: The component, and what it is shown.
        limits: How long things may take.

    Attributes:
        journal: What is known since the last save.

    Raises:
        InstantReactError: IR2009 or IR2010, there is no such file.
    """

    def __init__(self, task: Task, limits: Limits | None = None) -> None:
        self.journal = Journal()
        self._task = task
        self._limits = limits or Limits()
        self._watched = Watched(task.target)
        self._folder = TemporaryDirectory(prefix="instantreact-dev-", ignore_cleanup_errors=True)
        self._number = 0
        self._run = self._begin(notifies=task.target.kind == "notifier")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.journal.close()
        self._run.stop()
        self._folder.cleanup()

    def watch(self, known: Callable[[], None] = lambda: None) -> NoReturn:
        """Go on until somebody interrupts it.

        Args:
            known: Called when all is known of a run.
        """
        told = 0
        while True:
            if self._watched.changed():
                self._run.stop()
                self._run = self._begin(notifies=self._run.notifies)
            elif told < self._number and self._run.done():
                told = self._number
                known()
            time.sleep(_POLL)

    def picture(self, run: int, number: int) -> bytes | None:
        """One picture; None where it is gone. The last run's are kept until the new one has some to show."""
        try:
            return (look_folder(self._place(run)) / "pictures" / str(number)).read_bytes()
        except OSError:
            return None

    def _place(self, run: int) -> Path:
        return Path(self._folder.name, str(run))

    def _begin(self, *, notifies: bool) -> Run:
        target = self._task.target
        self._number = self.journal.begin(use=target.use, saved=time.strftime("%H:%M:%S"))
        shutil.rmtree(self._place(self._number - 2), ignore_errors=True)
        return Run(
            self._task, self._place(self._number), self.journal, self._watched.holds, self._limits, notifies=notifies
        )
