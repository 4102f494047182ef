"""The Python way in: what the command line does, as a few lines of code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from instantreact_sdk.config import Loaded, load
from instantreact_sdk.registry import Registry, discover
from instantreact_sdk.runner.run import Run
from instantreact_sdk.runner.settings import Settings
from instantreact_sdk.types import Event


class Pipeline:
    """A pipeline that can be run from Python, once.

    Args:
        loaded: The pipeline file.
        settings: How to run it.
        registry: The plugins; left out, what is installed.

    Raises:
        InstantReactError: IR1003, with all that is wrong in the file; IR5xxx, the folder or store cannot be written.

    Example:
        ```python
        from instantreact_sdk import Pipeline

        for event in Pipeline.from_config("pipeline.yaml").run():
            print(event.rule, event.source, event.start, event.end)
        ```
    """

    def __init__(self, loaded: Loaded, settings: Settings | None = None, registry: Registry | None = None) -> None:
        self._run = Run(loaded, registry or discover(), settings or Settings())

    @classmethod
    def from_config(cls, path: str | os.PathLike[str], **settings: Any) -> Pipeline:
        """Read a pipeline file.

        Args:
            path: The file.
            **settings: Fields of `Settings`, as ``out=Path("out")`` or ``deliver=False``.
        """
        return cls(load(Path(path)), Settings(**settings))

    def run(self) -> Iterator[Event]:
        """Run until all files have ended, or for ever where a source is live.

        Yields events in the order of media time, each as soon as it is decided. Whoever leaves the loop early ends the
        run: files are completed and components closed.

        Raises:
            InstantReactError: A component failed and `Settings.strict` is set; what was found until then is kept.
        """
        return self._run.events()

    def stop(self) -> None:
        """End the run early and cleanly; from any thread."""
        self._run.stop()

    @property
    def summary(self) -> dict[str, Any]:
        """Figures of the run so far: what ``summary.json`` holds."""
        return self._run.summary()

    def note_print(self, thread: str) -> None:
        """A plugin's thread wrote to standard output; told as health, once for each component."""
        self._run.note_print(thread)
