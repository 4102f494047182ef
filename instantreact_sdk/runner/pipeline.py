"""The Python way in: what the command line does, as a few lines of code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from instantreact_sdk.config import Loaded, load
from instantreact_sdk.errors import InstantReactError
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

    Example:
        ```python
        from instantreact_sdk import Pipeline

        for event in Pipeline.from_config("pipeline.yaml").run():
            print(event.rule, event.source, event.start, event.end)
        ```
    """

    def __init__(self, loaded: Loaded, settings: Settings | None = None, registry: Registry | None = None) -> None:
        self._loaded = loaded
        self._settings = settings or Settings()
        self._registry = registry
        self._run: Run | None = None
        self._started = self._stopped = False

    @classmethod
    def from_config(cls, path: str | os.PathLike[str], **settings: Any) -> Pipeline:
        """Read a pipeline file.

        Args:
            path: The file.
            **settings: Fields of `Settings`, as ``out="lobby-out"`` or ``deliver=False``.

        Raises:
            InstantReactError: IR1001 to IR1007, with all that is wrong in the file.
        """
        if settings.get("out") is not None:
            settings["out"] = Path(settings["out"])
        return cls(load(Path(path)), Settings(**settings))

    def run(self) -> Iterator[Event]:
        """Run until all files have ended, or for ever where a source is live.

        Yields events in the order of media time, each as soon as it is decided; nothing happens before the first is asked for.
        Whoever leaves the loop early ends the run: files are completed and components closed.

        Raises:
            InstantReactError: IR1003, a component is not there or its options are wrong; IR4012, it was run already; or
                a component failed and `Settings.strict` is set: what was found until then is kept.
        """
        if self._started:
            raise InstantReactError("IR4012")
        self._started = True
        return self._events()

    def stop(self) -> None:
        """End the run early and cleanly; from any thread, and from a signal handler."""
        self._stopped = True
        if self._run:
            self._run.stop()

    @property
    def summary(self) -> dict[str, Any]:
        """Figures of the run so far: what ``summary.json`` holds; empty before it begins."""
        return self._run.summary() if self._run else {}

    def note_print(self, thread: str) -> None:
        """A plugin's thread wrote to standard output; told as health, once for each component."""
        if self._run:
            self._run.note_print(thread)

    def _events(self) -> Iterator[Event]:
        self._run = Run(self._loaded, self._registry or discover(), self._settings)
        if self._stopped:
            self._run.stop()
        yield from self._run.events()
