"""All notifiers of a process at work, over the store, and over memory while the store fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine

from instantreact_sdk.alerts.database import memory_engine
from instantreact_sdk.alerts.intake import Intake
from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import Floor, Member
from instantreact_sdk.registry.fault import in_words
from instantreact_sdk.runner.carrier import Carrier, Manner
from instantreact_sdk.runner.desks import Desks
from instantreact_sdk.runner.places import Memory, Place, Stored, utc

LOOK_FOR_LATE = 5.0
"""Seconds between looks for alerts that wait too long."""
BEAT = 2.0
"""Seconds between signs of life for leases, and between tries to reach a store that fails."""


class Courier:
    """Sends what is in the outbox, until it is closed.

    Args:
        members: The notifiers.
        floor: What the process shares.
        manner: How alerts are told.
        connect: Opens the store; None where there is none, and everything is in memory.
        holder: This process, for leases; one that takes the place of a dead one comes with its name.
        desks: What is open for others.
    """

    def __init__(
        self,
        members: Sequence[Member[Any]],
        floor: Floor,
        manner: Manner,
        connect: Callable[[], Engine] | None,
        *,
        holder: str,
        desks: Desks,
    ) -> None:
        engine = memory_engine()
        self.memory = Intake(engine, utc(floor.clock), durable=False)
        """Takes alerts that the store does not."""
        self._memory = Memory(engine, floor.clock)
        self._store = (
            Stored(connect, holder, [member.who.name for member in members], floor.clock, manner.store)
            if connect
            else None
        )
        self._members = {member.who.name: member for member in members}
        self._floor = floor
        self._desks = desks
        self._manner = manner
        self._ending = threading.Event()
        places: list[Place] = [self._store, self._memory] if self._store else [self._memory]
        self._places = places
        desks.also = self._memory.ledger
        self._carriers = {
            name: Carrier(member, floor, places, self._memory, manner) for name, member in self._members.items()
        }
        self._keeper = threading.Thread(target=self._keep, name="courier", daemon=True)
        self._late: set[str] = set()
        self._looked = time.monotonic()
        self._bug = ""
        self.hung = 0
        """How many calls never came back; each has left a thread behind."""

    def start(self) -> None:
        """Begin."""
        for carrier in self._carriers.values():
            carrier.start()
        self._keeper.start()  # it replaces those that have ended

    def poke(self) -> None:
        """There may be something new."""
        for carrier in tuple(self._carriers.values()):
            carrier.poke()

    @property
    def held(self) -> bool:
        """Whether this process, and no other, may call all of the notifiers."""
        return not self._store or all(self._store.mine(name) for name in self._members)

    def drain(self, seconds: float, *, retries: bool) -> None:
        """Wait until nothing is left to send, for so many seconds at the most.

        Args:
            seconds: Of waiting.
            retries: Whether to wait for what has failed and is tried again later, too.
        """
        until = time.monotonic() + seconds
        self.poke()
        while time.monotonic() < until and any(place.waiting(retries=retries) for place in self._places):
            self._ending.wait(0.02)

    @property
    def holds_the_only_copy(self) -> bool:
        """Whether memory has alerts that nobody has been told, which end with the process."""
        return self._memory.waiting(retries=True)

    def deliveries(self, run: str) -> list[StoredDelivery]:
        """All deliveries of a run, as far as they can be read; what is in the store and in memory, as it is in memory."""
        found: dict[str, StoredDelivery] = {}
        for place in self._places:
            with suppress(InstantReactError):
                found |= {one.key: one for one in place.ledger.deliveries(run=run, limit=None)} if place.works else {}
        return [*found.values()]

    def close(self, seconds: float) -> None:
        """Let attempts that have begun end, for so long at the most, and leave the rest in the outbox."""
        until = time.monotonic() + seconds
        for carrier in self._carriers.values():
            carrier.stop()
        for carrier in self._carriers.values():
            if carrier.ident is not None:
                carrier.join(max(0.0, until - time.monotonic()))
        self._ending.set()
        if self._keeper.ident is not None:
            self._keeper.join()
        self._desks.close()
        if self._store:
            self._store.leave(self._memory)
        self._memory.engine.dispose()

    def _keep(self) -> None:
        """Leases, the store's recovery, and new carriers in the place of those that hang."""
        while not self._ending.is_set():
            try:
                if self._store:
                    self._store.keep(self._memory, [key for one in self._carriers.values() for key in one.begun])
                self._look_for_late()
                self._desks.look()
                for name, carrier in tuple(self._carriers.items()):
                    if carrier.hung.is_set() or not carrier.is_alive():
                        self._replace(name, carrier)
            except Exception as error:  # noqa: BLE001  (a bug of ours must not end all delivery)
                wrong = InstantReactError("IR6002", problem=in_words(error))
                if str(wrong) != self._bug:
                    self._bug = str(wrong)
                    self._manner.troubled("delivery", wrong)
            self._ending.wait(BEAT)

    def _look_for_late(self) -> None:
        if time.monotonic() - self._looked < LOOK_FOR_LATE:
            return
        self._looked = time.monotonic()
        oldest = dict.fromkeys(self._carriers, 0.0)
        for place in self._places:
            with suppress(InstantReactError):
                for name, figures in (place.ledger.figures().notifiers if place.works else {}).items():
                    oldest[name] = max(oldest.get(name, 0.0), figures.oldest or 0.0)
        for name in self._carriers:
            late = oldest[name] > self._manner.late
            if late != (name in self._late):
                (self._late.add if late else self._late.discard)(name)
                self._manner.behind(name, oldest[name] if late else 0.0)

    def _replace(self, name: str, carrier: Carrier) -> None:
        self.hung += carrier.hung.is_set()
        fresh = Carrier(
            self._members[name],
            self._floor,
            self._places,
            self._memory,
            self._manner,
            left=carrier.left,
            taken=carrier.taken,
            failures=carrier.failures,
        )
        self._carriers[name] = fresh
        fresh.start()
