"""Where deliveries are: in the store, as far as it does its work, and in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Protocol

from sqlalchemy import Engine

from instantreact_sdk.alerts.adopting import adopt
from instantreact_sdk.alerts.lease import Lease
from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.outbox import Outbox, Work
from instantreact_sdk.alerts.rescuing import rescue, rescued
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Clock

RESCUE = 10.0
"""Seconds after which what waits in a store that cannot be written is told from memory."""


class Place(Protocol):
    """Where deliveries are: the store, or memory."""

    outbox: Outbox
    ledger: Ledger

    @property
    def works(self) -> bool:
        """Whether it takes what is written."""
        ...

    def mine(self, notifier: str) -> bool:
        """Whether this process is the one that calls a notifier."""
        ...

    def troubled(self, error: InstantReactError) -> None:
        """It does not do its work."""
        ...

    def waiting(self, *, retries: bool) -> bool:
        """Whether something is to be sent, or is on its way."""
        ...


class Memory:
    """Deliveries that no store has.

    Args:
        engine: From `memory_engine`.
        clock: Time.
    """

    works = True

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.outbox = Outbox(engine, utc(clock))
        self.ledger = Ledger(engine, utc(clock))

    def mine(self, notifier: str) -> bool:
        """See `Place`: nobody else sees this memory."""
        return True

    def troubled(self, error: InstantReactError) -> None:
        """See `Place`; it is a bug."""
        raise error

    def waiting(self, *, retries: bool) -> bool:
        """See `Place`."""
        return self.outbox.waiting(retries=retries)

    def rescued(self, work: Work) -> Work | None:
        """What was taken from the store, where it is here now."""
        return rescued(self.engine, work)


class Stored:
    """Deliveries in the store, as far as it does its work.

    Args:
        connect: Opens the store.
        holder: This process, for leases.
        notifiers: Their names.
        clock: Time.
        failed: Called, from any thread, with what is wrong with the store; None where it works again.
    """

    outbox: Outbox
    ledger: Ledger

    def __init__(
        self,
        connect: Callable[[], Engine],
        holder: str,
        notifiers: Sequence[str],
        clock: Clock,
        failed: Callable[[InstantReactError | None], None],
    ) -> None:
        self.works = False
        self._connect = connect
        self._holder = holder
        self._notifiers = notifiers
        self._clock = clock
        self._failed = failed
        self._engine: Engine | None = None
        self._leases: dict[str, Lease] = {}
        self._wrong: str | None = None
        self._since = 0.0
        self._lock = threading.Lock()

    def mine(self, notifier: str) -> bool:
        """See `Place`."""
        lease = self._leases.get(notifier)
        return lease is not None and lease.held and not lease.fresh

    def waiting(self, *, retries: bool) -> bool:
        """See `Place`."""
        if not self.works:
            return self._wrong is None  # it is being opened
        try:
            return self.outbox.waiting(retries=retries)
        except InstantReactError:
            return False

    def troubled(self, error: InstantReactError) -> None:
        """See `Place`; it is not taken from until `keep` finds that it works again."""
        with self._lock:
            self.works = False
            if self._wrong is None:
                self._since = time.monotonic()
            new = self._wrong != str(error)
            self._wrong = str(error)
        if new:
            self._failed(error)

    def keep(self, memory: Memory, begun: Collection[str]) -> None:
        """Show signs of life; where the store failed, see whether it works again, and rescue what waits in it.

        Args:
            memory: Where alerts are told from meanwhile.
            begun: Keys of what was taken from the store, and is not on its way.
        """
        try:
            self._open()
            for name, lease in self._leases.items():
                if lease.keep() and lease.fresh:
                    self.outbox.recover(name)
                    lease.fresh = False
            adopt(memory.engine, self._open(), utc(self._clock))
            with self._lock:
                self.works, again, self._wrong = True, self._wrong is not None, None
            if again:
                self._failed(None)
        except InstantReactError as error:
            self.troubled(error)
            if self._engine is not None and time.monotonic() - self._since > RESCUE:
                with suppress(InstantReactError):
                    for name in self._notifiers:
                        rescue(self._engine, memory.engine, name, begun)

    def leave(self, memory: Memory) -> None:
        """Write down what only memory knows, and let others have the notifiers at once."""
        try:
            if self._engine is not None:
                adopt(memory.engine, self._engine, utc(self._clock))
                for lease in self._leases.values():
                    lease.leave()
        except InstantReactError as error:
            self.troubled(error)
        finally:
            if self._engine is not None:
                self._engine.dispose()

    def _open(self) -> Engine:
        if self._engine is None:
            engine = self._connect()
            self.outbox, self.ledger = Outbox(engine, utc(self._clock)), Ledger(engine, utc(self._clock))
            self._leases = {name: Lease(engine, name, self._holder) for name in self._notifiers}
            self._engine = engine
        return self._engine


def utc(clock: Clock) -> Callable[[], float]:
    """Gives its seconds of UTC."""
    return lambda: clock.now().timestamp()
