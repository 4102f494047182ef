"""An hour in which nobody can be told, and what follows it, on a clock that the test moves."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from instantreact_messenger.notifier import Messenger
from instantreact_messenger.options import MessengerOptions
from sqlalchemy import select

from instantreact_sdk import Context, Event
from instantreact_sdk.alerts.backoff import LONGEST
from instantreact_sdk.alerts.intake import Addressee, Intake
from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.outbox import PATIENCE
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.stored import StoredEvent
from instantreact_sdk.alerts.tables import attempts
from instantreact_sdk.pipeline import Board, Floor, Member, Watch, Who
from instantreact_sdk.runner.carrier import Carrier, Manner
from instantreact_sdk.runner.places import Memory, utc
from instantreact_sdk.testing.fakes import FakeClock, MessengerFake

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANNA, BEN = "7000000000000001", "7000000000000002"
HOUR = 3600
EVERY = 10
"""Seconds between events of a line."""
COOLDOWN = 60.0
BACKLOG = 200
LINES = [(rule, source) for rule in ("intruder", "fire", "cry for help") for source in ("gate", "yard")]


class Watchroom:
    """A carrier for each of some notifiers at work over the memory that it is given, one step at a time."""

    def __init__(self, store: Store, clock: FakeClock, folder: Path, notifiers: dict[str, MessengerFake]) -> None:
        self.clock = clock
        self.run = store.begin_run("gate.yaml")
        self.intake = Intake(store.engine, utc(clock))
        self.ledger = Ledger(store.engine, utc(clock))
        self.place = Memory(store.engine, clock)  # which needs no lease
        board = Board(folder / "board")
        floor = Floor(board, Watch(board), threading.Semaphore(9), print, threading.Event(), strict=False, clock=clock)
        manner = Manner(
            attach=frozenset(),
            link=lambda key: "",
            late=300.0,
            became=lambda delivery: None,
            troubled=lambda name, error: None,
            behind=lambda name, seconds: None,
            store=lambda error: None,
        )
        self.carriers = [
            Carrier(member(name, fake, clock), floor, [self.place], self.place, manner)
            for name, fake in notifiers.items()
        ]

    def step(self) -> None:
        """All that is to be done at this moment."""
        for carrier in self.carriers:
            carrier._open()
            while carrier._look(self.place):
                pass

    def raised(self, rule: str, source: str, whom: list[Addressee]) -> str:
        """The id of an event of this moment."""
        end = self.clock.monotonic()
        event = Event(rule, source, end, end, (), {}, self.clock.now())
        self.intake.event(self.run, StoredEvent(event), whom)
        return event.id


def member(name: str, fake: MessengerFake, clock: FakeClock) -> Member[Messenger]:
    options = MessengerOptions(page_token=fake.page.token, base_url=fake.url)
    return Member(Who(name, "messenger"), lambda: Messenger(options), Context(name=name, clock=clock), (), limit=60.0)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def fakes(clock) -> Iterator[list[MessengerFake]]:
    with ExitStack() as leaving:
        made = [leaving.enter_context(MessengerFake(clock=clock)) for _ in range(3)]
        for fake in made:
            fake.write(ANNA, "Hello")
            fake.write(BEN, "Hello")
        yield made


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'store.db'}") as opened:
        yield opened


def began(store: Store, notifier: str) -> list[int]:
    """At which second after noon each attempt of a notifier began."""
    query = select(attempts.c.began).where(attempts.c.notifier == notifier).order_by(attempts.c.position)
    with store.engine.connect() as connection:
        return [int(moment - NOON.timestamp()) for moment in connection.scalars(query)]


def test_after_an_hour_without_service_all_is_told_together_and_little_by_little(store, clock, fakes, tmp_path):
    fake = fakes[0]
    room = Watchroom(store, clock, tmp_path, {"messenger": fake})
    whom = [Addressee(psid, (("messenger", psid),), cooldown=COOLDOWN) for psid in (ANNA, BEN)]
    raised: dict[tuple[str, str], list[str]] = {line: [] for line in LINES}
    begins, ends, over = 600, 600 + HOUR, 600 + HOUR + 600
    with ExitStack() as outage:
        for second in range(over + int(COOLDOWN) + 60):
            if second in (begins, begins + HOUR // 2, ends):
                outage.close()
            if second == begins:
                outage.enter_context(fake.failing("refused"))  # first there is no network
            if second == begins + HOUR // 2:
                outage.enter_context(fake.failing("empty 503"))  # and then a service that is overloaded
            for number, line in enumerate(LINES):
                if second < over and second % EVERY == number:
                    raised[line].append(room.raised(*line, whom))
            room.step()
            clock.advance(1.0)

    found = room.ledger.deliveries(limit=None)[::-1]
    assert {one.status for one in found} == {"sent"}
    for line, events in raised.items():
        for psid in (ANNA, BEN):
            told = [one for one in found if (one.rule, one.source, one.recipient) == (*line, psid)]
            assert [event for one in told for event in one.events] == events, "each event once, and in order"
            sent = [one.settled - NOON.timestamp() for one in told]
            assert all(later - earlier >= COOLDOWN for earlier, later in pairwise(sent))
            first = next(one for one, moment in zip(told, sent, strict=True) if moment >= ends)
            assert len(first.events) >= (HOUR - COOLDOWN) / EVERY, "one message tells of the whole hour"
            assert f"{len(first.events)} more since " in first.text

    tried = began(store, "messenger")
    by_minute = Counter(second // 60 for second in tried)
    table = [by_minute[minute] for minute in range(over // 60)]
    print("attempts in each minute:", *table)  # noqa: T201  (`pytest -rP` shows it)
    everybody = len(LINES) * len(whom)
    assert max(table) <= everybody + PATIENCE, table
    # Five failures, then pauses of at least 1, 2, 4, ..., 128 and then 150 s: see `pause`.
    failed = [second for second in tried if begins <= second < ends]
    assert len(failed) <= everybody + 8 + HOUR // (LONGEST // 2), table
    assert max(table[begins // 60 + 3 : ends // 60]) == 1, table
    # When it works again one tries, then at most two, four, eight, a second after each other; some still wait after their own failure.
    again = [second for second in tried if second >= ends]
    assert again[0] <= ends + LONGEST
    eased = Counter(second - again[0] for second in again)
    assert eased[0] == 1, table
    assert all(eased[later] <= 2**later for later in range(4)), table
    by_then = [one for one in found if one.settled <= NOON.timestamp() + again[0] + LONGEST + 1]
    assert {(one.rule, one.source, one.recipient) for one in by_then if one.settled >= NOON.timestamp() + ends} == {
        (*line, psid) for line in LINES for psid in (ANNA, BEN)
    }


def test_a_backlog_is_not_thrown_at_a_service_that_has_just_come_back(store, clock, fakes, tmp_path):
    names = {f"messenger {number}": fake for number, fake in enumerate(fakes)}
    room = Watchroom(store, clock, tmp_path, names)
    with ExitStack() as outage:
        for fake in fakes:
            outage.enter_context(fake.failing("empty 503"))
        for number in range(BACKLOG):
            room.raised("intruder", f"cam{number}", [Addressee(name, ((name, ANNA),)) for name in names])
            room.step()
            clock.advance(1.0)
    back = int(clock.monotonic())
    while room.place.outbox.waiting(retries=True):
        room.step()
        clock.advance(1.0)
    for name, fake in names.items():
        assert len(fake.messages) == BACKLOG
        seconds = Counter(second for second in began(store, name) if second >= back)
        first = min(seconds)
        assert [seconds[first + later] for later in range(4)] == [1, 2, 4, 8]
