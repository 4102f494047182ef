"""Long random walks through outages of the store: what is told from memory meanwhile is neither lost nor told twice."""

from __future__ import annotations

from random import Random

import pytest
from outboxes import Gatehouse
from test_outbox_walks import NOTIFIERS, Walk

from instantreact_sdk.alerts.adopting import adopt
from instantreact_sdk.alerts.database import memory_engine
from instantreact_sdk.alerts.intake import Intake
from instantreact_sdk.alerts.outbox import Outbox, Work
from instantreact_sdk.alerts.rescuing import rescue, rescued
from instantreact_sdk.alerts.store import Store


class OutageWalk(Walk):
    """The store takes nothing at times; alerts are raised into memory then, and told from there."""

    def __init__(self, gate: Gatehouse, random: Random) -> None:
        super().__init__(gate, random, jumps=False)
        self.steps += [self.the_store_changes_its_mind] * 2 + [self.keeps] * 2
        self.memory = memory_engine()
        self.out = False
        self.in_store = (gate.intake, gate.outbox)
        self.in_memory = (
            Intake(self.memory, lambda: gate.now, durable=False),
            Outbox(self.memory, lambda: gate.now, random),
        )
        self.elsewhere: list[Work] = []
        """What is on its way from the store while memory is told from, and from memory while the store is."""

    def the_store_changes_its_mind(self) -> None:
        if not self.out:
            self.keeps()  # what memory still had on its way may have come to its end
        if self.elsewhere and not self.out:
            return
        self.out = not self.out
        self.held, self.elsewhere = self.elsewhere, self.held
        if self.out:
            self.gate.intake, self.gate.outbox = self.in_memory
            self.keeps()
            return
        self.gate.intake = self.in_store[0]
        for _ in range(self.random.randrange(3)):
            self.raises()  # before anybody has looked what memory has
        self.gate.outbox = self.in_store[1]
        kept = [work for work in self.held if rescued(self.memory, work) is None]
        self.elsewhere += [moved for work in self.held if (moved := rescued(self.memory, work))]
        self.held = kept
        self.keeps()

    def keeps(self) -> None:
        store = self.gate.store.engine
        if not self.out:
            adopt(self.memory, store, lambda: self.gate.now)
            return
        begun = [work.delivery.key for work in self.elsewhere if self.random.random() < 0.7]
        for notifier in NOTIFIERS:
            rescue(store, self.memory, notifier, begun)
        moved = [(work, rescued(self.memory, work)) for work in self.elsewhere]
        self.elsewhere = [work for work, here in moved if not here]
        self.held += [here for _, here in moved if here]

    def answers(self, late: bool = False) -> None:
        if self.elsewhere and not self.out and not late and self.random.random() < 0.5:
            self.answers_from_memory()
        elif late:  # who was taken over from reaches the store yet
            now, self.gate.outbox = self.gate.outbox, self.in_store[1]
            super().answers(late)
            self.gate.outbox = now
        else:
            super().answers()

    def answers_from_memory(self) -> None:
        self.held, self.elsewhere = self.elsewhere, self.held
        self.gate.outbox = self.in_memory[1]
        super().answers()
        self.gate.outbox = self.in_store[1]
        self.held, self.elsewhere = self.elsewhere, self.held

    def takes(self) -> None:
        works = self.gate.take(self.random.choice(NOTIFIERS), self.random.choice([1, 2, 16]))
        keys = {work.delivery.key for work in works}
        assert not keys & {work.delivery.key for work in [*self.held, *self.elsewhere]}
        self.held += works

    def dies(self) -> None:
        if not self.out and not self.elsewhere:  # what only memory knew would be lost
            self.keeps()
            super().dies()

    def somebody_acknowledges(self) -> None:
        if not self.out:
            super().somebody_acknowledges()

    def holds(self) -> None:
        if self.out:
            return
        self.keeps()
        held = self.held
        self.held = [*held, *self.elsewhere]
        super().holds()
        self.held = held

    def ends(self) -> None:
        if self.out:
            self.the_store_changes_its_mind()
        while self.elsewhere:
            self.answers_from_memory()
        self.keeps()
        super().ends()


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_lost(tmp_path, seed):
    walked(f"sqlite:///{tmp_path}/store.db", seed)


def test_nothing_is_lost_in_postgresql(postgres_url):
    walked(postgres_url, 100)


def walked(url: str, seed: int, steps: int = 300) -> None:
    with Store.open(url) as store:
        walk = OutageWalk(Gatehouse(store, seed=seed), Random(seed))
        for _ in range(steps):
            walk.step()
        walk.ends()
        walk.holds()
        for row in walk.gate.rows(None):
            walk.ended_well(row)
        walk.memory.dispose()
