"""What happens after a save: the component is looked at, and checked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from instantreact_sdk.testing.conformance.calls import Ended, Limits
from instantreact_sdk.testing.dev.child import Child
from instantreact_sdk.testing.dev.journal import Fact, Journal
from instantreact_sdk.testing.dev.task import Task

_WORKER = "instantreact_sdk.testing.dev.worker"
_CHECKING = "instantreact_sdk.testing.dev.checking"
_SEEN = ("frame", "said", "told")


def look_folder(folder: Path) -> Path:
    """Where a run in `folder` looks at components that show pictures."""
    return folder / "free"


class Run:
    """One look at the component and one pass of its checks, side by side; ended by `stop`.

    Args:
        task: The component, and what it is shown.
        folder: Its own; made here.
        journal: Where facts go, after `Journal.begin`.
        files: Tells the author's files from others.
        limits: How long things may take.
        notifies: Whether the component is a notifier, as far as is known.

    Attributes:
        notifies: Likewise, as far as is known now.
    """

    def __init__(
        self,
        task: Task,
        folder: Path,
        journal: Journal,
        files: Callable[[Path], bool],
        limits: Limits,
        *,
        notifies: bool,
    ) -> None:
        self.notifies = notifies
        self._task = task
        self._folder = folder
        self._journal = journal
        self._files = files
        self._limits = limits
        self._lock = threading.Lock()
        self._stopped = False
        self._children: list[Child] = []
        self._checker = threading.Thread(target=self._check, name="checks")
        self._looker = threading.Thread(target=self._look, name="look")
        folder.mkdir()
        self._looker.start()

    def done(self) -> bool:
        """Whether all is known."""
        return not (self._looker.is_alive() or self._checker.is_alive())

    def stop(self) -> None:
        """End all processes."""
        with self._lock:
            self._stopped = True
            for child in self._children:
                child.stop()
        self._looker.join()
        if self._checker.ident:
            self._checker.join()

    def _look(self) -> None:
        usable = False
        for fact in self._looked():
            self._journal.add(fact)
            usable = usable or fact["is"] in ("component", *_SEEN)
            if fact["is"] in _SEEN and not self._checker.ident:  # first what the eye waits for
                self._checker.start()
        if usable and not self._checker.ident and not self._stopped:
            self._checker.start()

    def _looked(self) -> Iterator[Fact]:
        """What the worker tells. It says when it is not in the sandbox that its kind needs, or is in one without need."""
        for _ in range(2):
            folder = self._look_folder()
            folder.mkdir()
            way = "sandboxed" if self.notifies else "free"
            asked = self.notifies
            for fact in self._told(_WORKER, [str(folder), self._task.to_json(), way], folder, sandboxed=asked):
                if "again" in fact:
                    self.notifies = fact["again"]
                else:
                    yield fact
            if self.notifies == asked:
                return

    def _look_folder(self) -> Path:
        return self._folder / "sandboxed" if self.notifies else look_folder(self._folder)

    def _check(self) -> None:
        folder = self._folder / "checks"
        folder.mkdir()
        for fact in self._told(_CHECKING, [self._task.to_json()], folder):
            if fact["is"] == "failed":
                self._journal.add({"is": "checked", "problem": fact["message"]})
            elif fact["is"] != "printed":
                self._journal.add(fact)

    def _told(self, module: str, arguments: Sequence[str], folder: Path, *, sandboxed: bool = False) -> Iterator[Fact]:
        with self._lock:
            if self._stopped:
                return
            child = Child(module, arguments, folder, self._files, self._limits, sandboxed=sandboxed)
            self._children.append(child)
        with child:
            try:
                yield from child.facts()
            except Ended as ended:
                yield {"is": "failed", "message": f"{ended}.", "trace": ""}
