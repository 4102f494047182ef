"""The files that a run writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO

from instantreact_sdk.errors import InstantReactError

FILES = ("observations.jsonl", "events.jsonl", "near_misses.jsonl", "alerts.jsonl")
"""One JSON object a line, in this order of writing: observed, decided, nearly decided, told."""

_OTHERS = ("summary.json", "report.html", "annotated.mp4", "annotated-*.mp4", "snapshots/*.jpg")


class Folder:
    """A run's folder.

    Args:
        out: The folder; it is made where it does not exist.
        observations: Whether observations are written.
        goes_on: Whether the files of an earlier run are added to, for one that watches cameras and is started again.
            Otherwise they are replaced. Nothing else in the folder is touched.

    Raises:
        InstantReactError: IR5020, it cannot be written to.
    """

    def __init__(self, out: Path, *, observations: bool, goes_on: bool) -> None:
        self.path = out
        self.snapshots = out / "snapshots"
        self._files: dict[str, TextIO] = {}
        with self._telling(), ExitStack() as failing:
            self.snapshots.mkdir(parents=True, exist_ok=True)
            if not goes_on:
                for old in (file for name in (*FILES, *_OTHERS) for file in out.glob(name)):
                    old.unlink()
            for name in FILES:
                if observations or name != FILES[0]:
                    file = failing.enter_context((out / name).open("a", encoding="utf-8", newline="\n"))
                    self._files[name] = file
            self._closing = failing.pop_all()

    def write(self, name: str, line: Mapping[str, Any]) -> None:
        """Add a line to one of `FILES`. All but the observations are on the disk when it returns."""
        file = self._files.get(name)
        if file is None:
            return
        with self._telling():
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            if name != FILES[0]:
                file.flush()

    def flush(self) -> None:
        """Bring everything to the disk."""
        with self._telling():
            for file in self._files.values():
                file.flush()

    def close(self, summary: Mapping[str, Any]) -> None:
        """Complete the files and write the summary."""
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
