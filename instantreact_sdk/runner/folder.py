"""The files that a run writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from instantreact_sdk.errors import InstantReactError

FILES = ("observations.jsonl", "events.jsonl", "near_misses.jsonl", "alerts.jsonl")
"""One JSON object a line, in this order of writing: observed, decided, nearly decided, told."""

_OTHERS = ("summary.json", "report.html", "annotated.mp4")


class Folder:
    """A run's folder. Files of an earlier run in it are replaced, nothing else is touched.

    Args:
        out: The folder; it is made where it does not exist.
        observations: Whether observations are written.

    Raises:
        InstantReactError: IR5020, it cannot be written to.
    """

    def __init__(self, out: Path, *, observations: bool) -> None:
        self.path = out
        self.snapshots = out / "snapshots"
        try:
            self.snapshots.mkdir(parents=True, exist_ok=True)
            for old in (*(out / name for name in _OTHERS), *self.snapshots.glob("*.jpg")):
                old.unlink(missing_ok=True)
            self._files: dict[str, TextIO] = {
                name: (out / name).open("w", encoding="utf-8", newline="\n")
                for name in FILES
                if observations or name != FILES[0]
            }
        except OSError as error:
            raise InstantReactError("IR5020", path=out, problem=error.strerror or error) from None

    def write(self, name: str, line: Mapping[str, Any]) -> None:
        """Add a line to one of `FILES`. All but the observations are on the disk when it returns."""
        file = self._files.get(name)
        if file is None:
            return
        try:
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            if name != FILES[0]:
                file.flush()
        except OSError as error:
            raise InstantReactError("IR5020", path=self.path, problem=error.strerror or error) from None

    def flush(self) -> None:
        """Bring everything to the disk."""
        for file in self._files.values():
            file.flush()

    def close(self, summary: Mapping[str, Any]) -> None:
        """Complete the files and write the summary."""
        for file in self._files.values():
            file.close()
        text = json.dumps(summary, ensure_ascii=False, indent=2)
        (self.path / "summary.json").write_text(text + "\n", encoding="utf-8")
