"""The process that delivers, as the one that watches sees it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.runner.keeping import Keeping
from instantreact_sdk.runner.line import Line
from instantreact_sdk.types import Health

if TYPE_CHECKING:
    from instantreact_sdk.alerts.outboxed import StoredDelivery

_LOOK = 0.05
SILENT = 30.0
"""Seconds without a word after which nobody is taken to be there."""


class Office(threading.Thread):
    """Hears how delivery is doing.

    Args:
        line: To the other process.
        keeping: The store, or None.
        told: Called, from this thread, with each change of health.
    """

    def __init__(self, line: Line, keeping: Keeping | None, told: Callable[[Health], None]) -> None:
        super().__init__(name="delivery", daemon=True)
        self._line = line
        self._keeping = keeping
        self._told = told
        self._heard = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether it has been heard of lately."""
        return time.monotonic() - self._heard < SILENT

    def run(self) -> None:
        """As long as the process runs: what is told last is to be heard, too."""
        while True:
            message = self._line.receive(1.0)
            if message is None:
                continue
            self._heard = time.monotonic()
            if "health" in message:
                self._told(Health(**message["health"]))

    def deliveries(self, run: str) -> list[StoredDelivery]:
        """All deliveries of a run, as far as they can be read."""
        if self._keeping is None:
            return []
        from instantreact_sdk.alerts.ledger import Ledger

        with suppress(InstantReactError):  # as below; what is not known counts as waiting
            return Ledger(self._keeping.opened().engine).deliveries(run=run, limit=None)
        return []

    def drain(self, seconds: float) -> None:
        """Give it time to send what is due, for so many seconds at the most."""
        if self._keeping is None:
            return
        until = time.monotonic() + seconds
        self._line.poke()
        try:
            from instantreact_sdk.alerts.outbox import Outbox

            outbox = Outbox(self._keeping.opened().engine)
            while outbox.waiting(retries=False) and time.monotonic() < until:
                time.sleep(_LOOK)
            time.sleep(_LOOK)  # what is told of the last one is on its way
        except InstantReactError:  # that the store fails was told when it began to
            return
