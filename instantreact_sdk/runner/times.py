"""What time it is in a source."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from instantreact_sdk.config.pipeline_file import SYSTEM
from instantreact_sdk.runner.crew import Crew
from instantreact_sdk.runner.tally import Tally
from instantreact_sdk.types import Event, NearMiss

Made = TypeVar("Made", bound=Event | NearMiss)


class Times:
    """Present times of sources, in seconds since their ``open()``.

    Args:
        crew: Its readers know when they opened.
        tally: It knows how far files have been read.
    """

    def __init__(self, crew: Crew, tally: Tally) -> None:
        self._crew = crew
        self._tally = tally
        self.began = time.time()
        """Seconds of UTC of time 0 of `SYSTEM`, which is where nothing but health happens."""
        self._began = time.monotonic()

    def live(self, source: str) -> bool:
        """Whether frames that are not taken in time are gone. A source that never opened counts as live."""
        if source == SYSTEM:
            return True
        info = self._crew.readers[source].info
        return info is None or info.live

    def dated(self, decision: Made) -> Made:
        """With its wall-clock time, where its source is live."""
        if not self.live(decision.source):
            return decision
        opened = 0.0 if decision.source == SYSTEM else self._crew.readers[decision.source].opened_wall
        zero = opened or self.began  # of a camera that was never there, too, something may be told
        return replace(decision, wall=datetime.fromtimestamp(zero + decision.end, UTC))

    def now(self, source: str) -> float:
        """By the clock where the source is live; as far as it was read where it is a file."""
        if not self.live(source):
            return self._tally.reached.get(source, 0.0)
        if source == SYSTEM:
            return time.monotonic() - self._began
        reader = self._crew.readers[source]
        return reader.member.context.clock.monotonic() - reader.opened_at if reader.opened_at else 0.0
