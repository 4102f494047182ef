"""Which process may call a notifier: one at a time, whatever the clocks say."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from sqlalchemy import Engine, select, update

from instantreact_sdk.alerts.tables import notifiers
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.alerts.writing import writing

SECONDS = 10.0
"""After so long without a sign of life, another process takes over."""

_N = notifiers.c


def since_boot() -> float:
    """Seconds that never go back, and pass while the machine sleeps: whoever wakes up must not believe that nobody took over."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)  # Linux' monotonic clock stands still in its sleep
    return time.monotonic()


class Lease:
    """The right to call one notifier.

    The holder counts up a number in the store. Others look at it, and take over once they have seen the same number for
    `SECONDS` of their own: no two machines' clocks are compared, and a clock that jumps changes nothing.

    Args:
        engine: The store's.
        notifier: Its name in the pipeline file.
        holder: Who asks. A process that is started in the place of one that is certainly dead may come with its name, and need
            not wait.
        steady: Seconds that never go back, of sleep too.
    """

    def __init__(self, engine: Engine, notifier: str, holder: str, *, steady: Callable[[], float] = since_boot) -> None:
        self._engine = engine
        self._notifier = notifier
        self._holder = holder
        self._steady = steady
        self._seen: tuple[str, int] | None = None
        self._seen_at = 0.0
        self._sure_until = float("-inf")
        self.fresh = False
        """Whether it was taken since somebody last set this to False: what an earlier holder had begun is to be taken back."""
        self._begun = False

    @property
    def held(self) -> bool:
        """Whether nobody else can have taken it yet."""
        return self._steady() < self._sure_until

    def keep(self) -> bool:
        """Take it where it is free, show that the holder lives where it is held; whether it is held now.

        To be called several times in `SECONDS`.

        Raises:
            InstantReactError: IR5003 to IR5006, the store cannot be written to; what is held stays so until it runs out.
        """
        asked = self._steady()  # others count from a later moment than this
        with writing(self._engine) as connection:
            connection.execute(upsert(self._engine, notifiers, ["name"], []), {"name": self._notifier})
            query = select(_N.holder, _N.beat).where(_N.name == self._notifier).with_for_update()
            holder, beat = connection.execute(query).one()
            mine = holder in ("", self._holder) or self._outlived(holder, beat)
            if mine:
                change = update(notifiers).where(_N.name == self._notifier)
                connection.execute(change.values(holder=self._holder, beat=beat + 1))
        self.fresh = mine and (self.fresh or not self._begun or holder != self._holder)
        self._begun = self._begun or mine
        self._sure_until = asked + SECONDS if mine else float("-inf")
        return mine

    def leave(self) -> None:
        """Let others have it at once.

        Raises:
            InstantReactError: IR5003 to IR5006.
        """
        self._sure_until = float("-inf")
        change = update(notifiers).where(_N.name == self._notifier, _N.holder == self._holder).values(holder="")
        with writing(self._engine) as connection:
            connection.execute(change)

    def _outlived(self, holder: str, beat: int) -> bool:
        now = self._steady()
        if self._seen != (holder, beat):
            self._seen, self._seen_at = (holder, beat), now
        return now - self._seen_at >= SECONDS
