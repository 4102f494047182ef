"""Waiting until all components are open."""

from __future__ import annotations

import time
from collections.abc import Callable

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import Failed, Message, Opened, Unwell
from instantreact_sdk.runner.crew import Crew

SLOW = 2.0
"""Seconds after which a source that is still opening (a camera that does not answer) is no longer waited for."""


class Opening:
    """Takes messages until every component is open, or known to be broken or offline.

    Args:
        crew: The threads that open them.
        strict: Whether any failure ends the run.

    Attributes:
        early: All messages that came meanwhile; rules hear of them once they know of the sources.
        error: Why the run cannot start, or None.
    """

    def __init__(self, crew: Crew, *, strict: bool) -> None:
        self._sources = set(crew.readers)
        self._lanes = len(crew.lanes)
        self._strict = strict
        self.early: list[Message] = []
        self.error: InstantReactError | None = None

    def wait(self, take: Callable[[], Message], stopped: Callable[[], bool]) -> None:
        """Until all have been heard of, one has failed that must not, or the run was stopped.

        Where the run is not strict, sources that take long may come later: no camera holds up another one.
        """
        began = time.monotonic()
        while self.error is None and not stopped():
            slow = not self._strict and time.monotonic() - began > SLOW
            if not self._lanes and (slow or not self._sources):
                return
            message = take()
            self.early.append(message)
            match message:
                case Opened(component, None):
                    self._lanes -= 1
                case Opened(component):
                    self._sources.discard(component)
                case Failed(component, error):
                    self._broken(component, error)
                case Unwell(health) if health.kind == "offline":
                    self._sources.discard(health.source)
                case _:
                    pass

    def fit(self, check: Callable[[], None]) -> None:
        """See by `check`, which raises where they do not, that those that are open fit to what is asked of them."""
        try:
            check()
        except InstantReactError as error:
            self.error = self.error or error

    def _broken(self, component: str, error: InstantReactError) -> None:
        source = component in self._sources
        if self._strict or (source and error.mistake):
            self.error = error
        elif source:
            self._sources.discard(component)
        else:
            self._lanes -= 1
