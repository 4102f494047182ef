"""Long random walks: whatever happens in whatever order, nothing is lost, told twice without need, or forgotten."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from outboxes import ANNA, ANNA_TWO_WAYS, BOB, BOSS, Gatehouse

from instantreact_sdk.alerts.outbox import Work
from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.alerts.store import Store

NOTIFIERS = ("messenger", "sms")
CAROL = replace(ANNA_TWO_WAYS, recipient="carol", cooldown=20.0)
PARTIES = [(ANNA,), (ANNA_TWO_WAYS, BOB), (BOB, BOSS), (CAROL, BOSS), (ANNA, BOB, CAROL, replace(BOSS, after=30.0))]


class Walk:
    """Does one thing after the other by chance, and remembers what services have taken and what has to be told."""

    def __init__(self, gate: Gatehouse, random: Random, jumps: bool) -> None:
        self.gate = gate
        self.random = random
        self.steps = [self.raises] * 4 + [self.takes] * 5 + [self.answers] * 6 + [self.waits] * 4
        self.steps += [self.gives_back, self.dies, self.passes_on, self.somebody_acknowledges, self.a_clip_comes]
        self.steps += [self.answers_late] + ([self.jumps] if jumps else [])
        self.raised: dict[str, list[str]] = {}
        self.held: list[Work] = []
        self.stale: list[Work] = []
        self.accepted: dict[tuple[str, str], tuple[str, ...]] = {}
        """What each service took first by each key: whatever comes later by the same one it may take for the same."""

    def step(self) -> None:
        self.random.choice(self.steps)()
        self.holds()

    def holds(self) -> None:
        """What has to be true after each step."""
        rows = self.gate.rows(None)
        for recipient, events in self.raised.items():
            told = Counter(event for row in rows if row.recipient == recipient for event in row.events)
            assert told == Counter(events), f"to {recipient}"
        sending = Counter(row.key for row in rows if row.status == "sending")
        assert sending <= Counter(work.delivery.key for work in self.held)
        assert all((row.settled is not None) == (row.status not in ("waiting", "pending", "sending")) for row in rows
                   if "text" not in row.parts)  # fmt: skip

    # Steps

    def raises(self) -> None:
        self.gate.now += self.random.choice([0.001, 0.5, 3.0])
        rule, party = self.random.choice(["intruder", "fire"]), self.random.choice(PARTIES)
        event = self.gate.event(rule)
        self.gate.raised(*party, rule=rule)
        for one in party:
            if event.id not in self.raised.setdefault(one.recipient, []):
                self.raised[one.recipient].append(event.id)

    def takes(self) -> None:
        notifier = self.random.choice(NOTIFIERS)
        works = self.gate.take(notifier, self.random.choice([1, 2, 16]))
        assert not {work.position for work in works} & {work.position for work in self.held}
        self.held += works

    def answers(self, late: bool = False) -> None:
        works = self.stale if late else self.held
        if not works:
            return
        work = works.pop(self.random.randrange(len(works)))
        how = self.random.choice(["sent", "sent", "sent", "transient", "unknown", "arrived", "permanent", "words"])
        if how in ("sent", "arrived", "words"):
            self.accept(work)
        what = {"arrived": "unknown", "words": "transient"}.get(how, how)
        error = {"sent": "", "transient": "no", "unknown": "silent", "permanent": "no such number"}[what]
        asked = self.random.choice([None, None, None, 1.0, 400.0]) if what == "transient" else None
        parts = {"text": "m1"} if how == "words" else {}
        self.gate.settle(work, what, error, retry_after=asked, parts=parts)

    def answers_late(self) -> None:
        """Somebody who was taken over from comes back."""
        self.answers(late=True)

    def accept(self, work: Work) -> None:
        events = tuple(event.id for event in work.alert.events)
        self.accepted.setdefault((work.delivery.recipient, work.delivery.key), events)

    def waits(self) -> None:
        self.gate.now += self.random.choice([0.1, 1.0, 5.0, 30.0, 200.0])

    def jumps(self) -> None:
        self.gate.now += self.random.choice([-3600.0, 3600.0, -86_400.0, 86_400.0])

    def gives_back(self) -> None:
        if self.held:
            self.gate.outbox.give_back([self.held.pop()])

    def dies(self) -> None:
        for notifier in NOTIFIERS:
            self.gate.outbox.recover(notifier)
        for work in self.held:
            if self.random.random() < 0.5:
                self.accept(work)
        self.stale += self.held
        self.held.clear()

    def passes_on(self) -> None:
        self.gate.outbox.pass_on(self.random.choice(NOTIFIERS), self.random.choice(["", "quarantined"]))

    def somebody_acknowledges(self) -> None:
        sent = [row for row in self.gate.rows(None) if row.status == "sent"]
        if sent:
            self.gate.ledger.acknowledge(self.random.choice(sent).key, "somebody")

    def a_clip_comes(self) -> None:
        rows = self.gate.rows(None)
        if rows:
            event = self.random.choice(rows).events[0]
            self.gate.intake.clip(self.gate.run, event, Path("/there/1.mp4"), self.random.choice([[], NOTIFIERS]))

    def ends(self) -> None:
        """From now on everything works, and within two days all is told."""
        self.dies()
        self.gate.intake.over(self.gate.run)
        ends = self.gate.now + 172_800.0
        while any(row.status in ("pending", "waiting", "sending") for row in self.gate.rows(None)):
            assert self.gate.now < ends
            for notifier in NOTIFIERS:
                for work in self.gate.take(notifier):
                    self.accept(work)
                    self.gate.settle(work)
                self.gate.outbox.pass_on(notifier)
            self.gate.now += 20.0

    def ended_well(self, row: StoredDelivery) -> None:
        """It was told, with all that belongs to it, or given up for a reason."""
        received = [events for (_, key), events in self.accepted.items() if key == row.key]
        if row.status == "sent":
            assert row.events in received, "the service has not all of what was told"
        elif row.status == "failed":
            assert self.gate.ledger.attempts(row)[-1].outcome == "permanent"
        elif row.status == "expired":
            assert row.error in ("no", "silent", "quarantined", "The process ended meanwhile.")
        else:
            assert row.status == "acknowledged"


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("jumps", [False, True])
def test_nothing_is_lost(tmp_path, seed, jumps):
    walked(f"sqlite:///{tmp_path}/store.db", seed, jumps)


def test_nothing_is_lost_in_postgresql(postgres_url):
    walked(postgres_url, 100, jumps=True)


def walked(url: str, seed: int, jumps: bool, steps: int = 300) -> None:
    with Store.open(url) as store:
        walk = Walk(Gatehouse(store, seed=seed), Random(seed), jumps)
        for _ in range(steps):
            walk.step()
        walk.ends()
        walk.holds()
        for row in walk.gate.rows(None):
            walk.ended_well(row)
        in_order(walk.gate)


def in_order(gate: Gatehouse) -> None:
    """Of one rule, source and recipient, what came first was tried first."""
    first: dict[tuple[str, str, str], float] = {}
    with gate.store.engine.connect() as connection:
        query = "SELECT delivery, MIN(position) FROM attempts GROUP BY delivery ORDER BY delivery"
        tried = dict(connection.exec_driver_sql(query).fetchall())
    for row in gate.rows(None):
        if row.position in tried:
            line = (row.rule, row.source, row.recipient)
            assert first.get(line, 0) < tried[row.position]
            first[line] = tried[row.position]
