"""Deliveries that are told from memory while the store takes nothing, and what the store makes of it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from outboxes import ANNA, BOB, BOSS, NOON, Gatehouse, day_and_moment
from sqlalchemy import func, insert, select, update
from sqlalchemy.event import listen, remove

from instantreact_sdk import InstantReactError
from instantreact_sdk.alerts.adopting import adopt
from instantreact_sdk.alerts.database import memory_engine
from instantreact_sdk.alerts.intake import Intake
from instantreact_sdk.alerts.outbox import Answer, Outbox, Work
from instantreact_sdk.alerts.rescuing import rescue, rescued
from instantreact_sdk.alerts.stored import StoredEvent
from instantreact_sdk.alerts.tables import component_state, deliveries, events, quiet


class Outage:
    """A gatehouse whose store can only be read."""

    def __init__(self, gate: Gatehouse) -> None:
        self.gate = gate
        self.engine = memory_engine()
        self.outbox = Outbox(self.engine, lambda: gate.now)
        self.intake = Intake(self.engine, lambda: gate.now, durable=False)

    def rescue(self, *begun: str) -> int:
        return rescue(self.gate.store.engine, self.engine, "sms", begun)

    def adopt(self) -> int:
        return adopt(self.engine, self.gate.store.engine, lambda: self.gate.now)

    def raised(self, *whom, **about) -> None:
        self.intake.event(self.gate.run, StoredEvent(self.gate.event(**about)), whom or (ANNA,))

    def take(self) -> list[Work]:
        return self.outbox.take("sms", 16)

    def one(self) -> Work:
        (work,) = self.take()
        return work

    def tell(self, what: str = "sent", error: str = "", **facts) -> None:
        for work in self.take():
            self.outbox.settle(work, Answer(what, error, **facts))

    def count(self, table) -> int:
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(table))


@pytest.fixture
def outage(gate) -> Iterator[Outage]:
    made = Outage(gate)
    yield made
    made.engine.dispose()


def told_of(gate: Gatehouse) -> list[tuple[str, tuple[str, ...]]]:
    return [(row.status, row.events) for row in gate.rows()]


# Both know something -------------------------------------------------------------------------------------------------


def test_what_was_told_from_memory_is_told(gate, outage):
    (told,) = gate.raised()
    assert outage.rescue() == 1
    gate.at(20)
    outage.tell(receipt="m1")
    assert outage.adopt() == 1
    row = gate.row()
    assert (row.key, row.status, row.receipt, row.attempts, row.durable) == (told.key, "sent", "m1", 1, True)
    assert gate.outcomes() == ["sent"]
    assert gate.take() == []


def test_what_was_raised_into_memory_comes_after_what_was_there(gate, outage):
    gate.raised()
    gate.at(5)
    outage.raised(rule="fire")
    outage.adopt()
    assert [(row.rule, row.status, row.durable) for row in gate.rows()] == [
        ("intruder", "pending", True),
        ("fire", "pending", False),
    ]


def test_an_event_that_joined_the_store_s_row_after_memory_told_it_is_told_apart(gate, outage):
    gate.raised()
    first = gate.event().id
    outage.rescue()
    outage.tell()
    gate.at(5)
    assert gate.raised()[0].merged  # the store takes what is written again, and nobody has told it yet
    second = gate.event().id
    outage.adopt()
    assert told_of(gate) == [("sent", (first,)), ("pending", (second,))]
    gate.at(90)
    assert gate.tell() == [f"intruder at gate, 1 more since {day_and_moment(0)}, {day_and_moment(5)}"]
    outcome = gate.store.event(second).outcome
    assert (outcome.what, outcome.alert) == ("alerted", gate.rows()[1].alert)


def test_an_event_that_joined_while_memory_may_have_told_it_is_told_apart(gate, outage):
    gate.raised()
    outage.rescue()
    outage.tell("unknown", "silent")
    gate.at(5)
    gate.raised()
    outage.adopt()
    assert [(row.status, len(row.events)) for row in gate.rows()] == [("pending", 1), ("pending", 1)]


@pytest.mark.parametrize("tried", [False, True])
def test_what_nobody_has_may_have_grown_on_both_sides(gate, outage, tried):
    gate.raised()
    outage.rescue()
    if tried:
        outage.tell("transient", "refused")
    gate.at(3)
    outage.raised()
    gate.at(5)
    gate.raised()
    outage.adopt()
    row = gate.row()
    assert (row.status, row.attempts, len(row.events)) == ("pending", int(tried), 3)
    gate.at(600)
    (text,) = gate.tell()
    assert text == row.text == f"intruder at gate, {day_and_moment(0)}, 2 more until {day_and_moment(5)}"


def test_somebody_who_waits_for_an_acknowledgement_waits_for_what_came_later_too(gate, outage):
    gate.raised(BOSS)
    outage.rescue()
    gate.at(121)
    outage.tell()
    gate.at(130)
    gate.raised(BOSS)
    outage.adopt()
    first, second = gate.rows("boss")
    assert (first.status, second.status, second.due) == ("sent", "waiting", NOON + 130 + 120)


def test_what_was_dropped_or_acknowledged_in_the_store_stays_so_where_nobody_was_told(gate, outage):
    dropped, acknowledged = gate.raised(ANNA, BOB)
    outage.rescue()
    gate.ledger.drop(dropped.key)
    gate.ledger.acknowledge(acknowledged.key, "outbox ack")
    outage.adopt()
    assert (gate.states("anna"), gate.states("bob")) == (["failed"], ["acknowledged"])
    assert gate.take() == []


def test_what_was_acknowledged_stays_so_and_is_told_nevertheless(gate, outage):
    (told,) = gate.raised()
    outage.rescue()
    gate.at(5)
    outage.tell(receipt="m1")
    gate.ledger.acknowledge(told.key, "outbox ack")
    outage.adopt()
    row = gate.row()
    assert (row.status, row.acknowledged_by, row.parts) == ("acknowledged", "outbox ack", {"text": "m1"})


def test_what_was_sent_by_who_was_taken_over_from_is_not_sent_again(gate, outage):
    gate.raised()
    stale = gate.one()
    gate.outbox.recover("sms")
    outage.rescue()
    gate.settle(stale, receipt="m1")
    outage.adopt()
    assert (gate.row().status, gate.row().receipt) == ("sent", "m1")


def test_what_people_asked_for_in_the_store_stays_where_memory_has_tried_nothing(gate, outage):
    (told,) = gate.raised(replace(ANNA, after=500.0))
    outage.rescue()
    gate.ledger.retry(told.key)
    outage.adopt()
    assert len(gate.take()) == 1


# At this moment ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False])
def test_what_memory_is_sending_is_not_handed_out_by_the_store(gate, outage, known):
    """Where the store knew it, and where it did not."""
    if known:
        gate.raised()
        outage.rescue()
    else:
        outage.raised()
    work = outage.one()
    for _ in range(3):
        assert outage.adopt() == 0
        assert gate.states() == ["sending"]
        assert gate.take() == []
    outage.outbox.settle(work, Answer("sent", receipt="m1"))
    assert outage.adopt() == 1
    assert (gate.row().status, gate.row().receipt) == ("sent", "m1")
    assert gate.outcomes() == ["sent"]


def test_what_memory_is_sending_for_the_second_time_has_two_attempts(gate, outage):
    gate.raised()
    outage.rescue()
    outage.tell("transient", "refused")
    gate.at(600)
    work = outage.one()
    outage.adopt()
    assert gate.outcomes() == ["transient", ""]
    outage.outbox.settle(work, Answer("transient", "refused"))
    outage.adopt()
    outage.adopt()
    assert gate.outcomes() == ["transient", "transient"]
    assert gate.states() == ["pending"]


def test_what_was_acknowledged_while_memory_was_sending_it_can_be_settled(gate, outage):
    (told,) = gate.raised()
    outage.rescue()
    work = outage.one()
    outage.adopt()
    gate.ledger.acknowledge(told.key, "outbox ack")
    outage.outbox.settle(work, Answer("sent", receipt="m1"))
    outage.adopt()
    assert (gate.row().status, gate.row().receipt) == ("acknowledged", "m1")


def test_what_was_taken_from_the_store_before_it_failed_is_settled_in_memory(gate, outage):
    gate.raised()
    work = gate.one()
    assert outage.rescue() == 0  # it is being sent
    assert outage.rescue(work.delivery.key) == 1
    here = rescued(outage.engine, work)
    outage.outbox.settle(here, Answer("sent", receipt="m1"))
    gate.outbox.recover("sms")  # the store works again
    outage.adopt()
    assert (gate.states(), gate.outcomes()) == (["sent"], ["broken off", "sent"])


# Clips ---------------------------------------------------------------------------------------------------------------


def test_a_clip_that_came_by_way_of_memory_follows_what_the_store_has_told(gate, outage):
    gate.raised()
    gate.tell(receipt="m1")
    outage.intake.clip(gate.run, gate.event().id, Path("/there/1.mp4"), ["sms"])
    outage.adopt()
    work = gate.one()
    assert (work.alert.clip, work.delivery.done) == (Path("/there/1.mp4"), {"text": "m1"})
    gate.settle(work, parts={"clip": "m2"})
    outage.adopt()
    assert gate.take() == []
    assert outage.count(component_state) == 0


def test_a_clip_that_came_before_its_alert_was_rescued_follows(gate, outage):
    gate.raised()
    outage.intake.clip(gate.run, gate.event().id, Path("/there/1.mp4"), ["sms"])
    outage.rescue()
    outage.tell()
    outage.adopt()
    assert gate.one().alert.clip == Path("/there/1.mp4")


def test_a_clip_that_memory_has_told_is_not_told_again(gate, outage):
    outage.raised()
    outage.intake.clip(gate.run, gate.event().id, Path("/there/1.mp4"), ["sms"])
    outage.tell()
    outage.tell()
    outage.adopt()
    assert gate.states() == ["sent"]


def test_a_clip_that_the_store_got_meanwhile_follows_what_memory_told(gate, outage):
    gate.raised()
    outage.rescue()
    outage.tell(receipt="m1")
    gate.intake.clip(gate.run, gate.event().id, Path("/there/1.mp4"), ["sms"])
    outage.adopt()
    assert gate.one().delivery.done == {"text": "m1"}


# Again and again -----------------------------------------------------------------------------------------------------


def test_memory_keeps_nothing_that_the_store_has(gate, outage):
    gate.raised()
    outage.rescue()
    outage.raised(rule="fire")
    outage.tell()
    outage.adopt()
    assert [outage.count(table) for table in (deliveries, events, quiet)] == [0, 0, 0]
    assert outage.adopt() == 0


def test_a_second_outage_brings_no_old_quiet(gate, outage):
    """What memory has of the first one is older than what the store knows since."""
    gate.raised()
    outage.rescue()
    outage.tell()
    busy = Gatehouse.event(gate, "fire")
    outage.intake.event(gate.run, StoredEvent(busy), [ANNA])
    outage.take()  # so that something stays in memory
    outage.adopt()
    gate.at(1000)
    gate.raised()
    gate.tell()
    with gate.store.engine.connect() as connection:
        since = connection.scalar(select(quiet.c.since).where(quiet.c.rule == "intruder"))
    outage.adopt()
    with gate.store.engine.connect() as connection:
        assert connection.scalar(select(quiet.c.since).where(quiet.c.rule == "intruder")) == since == NOON + 1000


def test_a_later_cooldown_of_the_store_stays(gate, outage):
    with outage.engine.begin() as connection:
        line = {"rule": "intruder", "source": "gate", "recipient": "anna", "told_until": NOON}
        connection.execute(insert(quiet), {**line, "since": NOON, "until": NOON + 60})
    with gate.store.engine.begin() as connection:
        connection.execute(insert(quiet), {**line, "since": NOON + 500, "until": NOON + 560})
    outage.raised()
    outage.adopt()
    with gate.store.engine.connect() as connection:
        assert connection.scalar(select(quiet.c.since)) == NOON + 500


def test_a_store_that_fails_in_the_middle_leaves_the_rest_in_memory(gate, outage):
    gate.raised()
    outage.rescue()
    outage.raised(rule="fire")

    def fail(_connection, _cursor, statement, *_facts) -> None:
        if "INTO deliveries" in statement:
            raise InstantReactError("IR5006", url="store", problem="gone")

    listen(gate.store.engine, "before_cursor_execute", fail)
    with pytest.raises(InstantReactError, match="IR5006"):
        outage.adopt()
    remove(gate.store.engine, "before_cursor_execute", fail)
    assert len(outage.take()) == 2
    assert [row.rule for row in gate.rows()] == ["intruder"]


# Many ----------------------------------------------------------------------------------------------------------------


def test_more_than_a_statement_takes_come_and_go(gate, outage):
    gate.raised()
    with gate.store.engine.begin() as connection:
        row = connection.execute(select(deliveries)).one()._asdict()
        row.pop("position")
        connection.execute(insert(deliveries), [row | {"key": f"{n:024x}", "rule": f"{n}"} for n in range(34_000)])
    assert outage.rescue() == 34_001
    wrote: list[str] = []
    listen(outage.engine, "before_cursor_execute", lambda *facts: wrote.append(facts[2]))
    assert outage.rescue() == 0
    assert all(statement.startswith("SELECT") for statement in wrote)
    with outage.engine.begin() as connection:
        connection.execute(update(deliveries).values(status="sent", settled=NOON))
    assert outage.adopt() == 34_001
    assert {*gate.states()} == {"sent"}
