"""The files that a run writes."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO

from instantreact_sdk.errors import InstantReactError

FILES = ("observations.jsonl", "events.jsonl", "near_misses.jsonl", "alerts.jsonl")
"""One JSON object a line, in this order of writing: observed, decided, nearly decided, told."""

_CLOSING = ("summary.json", "report.html")
_OTHERS = (
    "annotated.mp4",
    "annotated-*.mp4",
    f"snapshots/{'[0-9a-f]' * 12}.jpg",
    f"clips/{'[0-9a-f]' * 12}.mp4",
)


class Folder:
    """A run's folder. What an earlier run left in it stays until `begin`.

    Args:
        out: The folder; it is made where it does not exist.
        observations: Whether observations are written.
        goes_on: Whether the files of an earlier run are added to, for one that watches cameras and is started again.
            Otherwise they are replaced. Nothing else in the folder is touched.

        inputs: Files that the run reads; they must not be among those that it replaces.

    Raises:
        InstantReactError: IR5020, it cannot be written to; IR5022, it would replace what the run reads.
    """

    def __init__(self, out: Path, *, observations: bool, goes_on: bool, inputs: Collection[Path] = ()) -> None:
        self.path = out
        self.snapshots = out / "snapshots"
        self.clips = out / "clips"
        self._lock = threading.Lock()
        self.begun = False
        self._observations = observations
        self._goes_on = goes_on
        self._files: dict[str, TextIO] = {}
        self._closing = ExitStack()
        with self._telling():
            self.snapshots.mkdir(parents=True, exist_ok=True)
        for read in inputs:
            if self.snapshots.resolve() in (read, *read.parents) or read in [old.resolve() for old in self._old()]:
                raise InstantReactError("IR5022", path=self.path, read=read)

    def begin(self) -> None:
        """All components are open: replace what an earlier run left.

        Raises:
            InstantReactError: IR5020, it cannot be written to.
        """
        with self._telling(), ExitStack() as failing:
            for old in self._old():
                old.unlink()
            for name in FILES:
                if self._observations or name != FILES[0]:
                    file = failing.enter_context((self.path / name).open("a", encoding="utf-8", newline="\n"))
                    self._files[name] = file
            self._closing = failing.pop_all()
        self.begun = True

    def _old(self) -> list[Path]:
        names = _CLOSING if self._goes_on else (*_CLOSING, *_OTHERS, *FILES)
        return [file for name in names for file in self.path.glob(name)]

    def write(self, name: str, line: Mapping[str, Any]) -> None:
        """Add a line to one of `FILES`, from any thread. All but the observations are on the disk when it returns."""
        file = self._files.get(name)
        if file is None:
            return
        with self._lock, self._telling():
            file.write(json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n")
            if name != FILES[0]:
                file.flush()

    def flush(self) -> None:
        """Bring everything to the disk."""
        with self._telling():
            for file in self._files.values():
                file.flush()

    def close(self, summary: Mapping[str, Any]) -> None:
        """Complete the files and write the summary, if anything was begun."""
        if not self.begun:
            return
        with self._telling():
            self._closing.close()
            text = json.dumps(summary, ensure_ascii=False, indent=2)
            (self.path / "summary.json").write_text(text + "\n", encoding="utf-8")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InstantReactError("IR5020", path=self.path, problem=error.strerror or error) from None
