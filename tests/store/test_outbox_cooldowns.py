"""What is told together, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from outboxes import ANNA, ANNA_TWO_WAYS, BOB, NOON, Gatehouse, day_and_moment
from sqlalchemy import update
from sqlalchemy.event import listen

from instantreact_sdk import Event
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.stored import StoredEvent
from instantreact_sdk.alerts.tables import deliveries

# Cooldown ------------------------------------------------------------------------------------------------------------


def test_events_join_what_is_not_sent_yet(gate):
    (first,) = gate.raised()
    gate.at(3)
    (second,) = gate.raised()
    assert (first.merged, second.merged) == (False, True)
    assert (second.key, second.alert) == (first.key, first.alert)
    (text,) = gate.tell()
    assert text == f"intruder at gate, {day_and_moment(0)}, 1 more until {day_and_moment(3)}"


def test_events_join_what_failed_and_nobody_can_have(gate):
    gate.raised()
    gate.tell(what="transient", error="refused")
    gate.raised(rule="fire")
    gate.at(3)
    assert gate.raised()[0].merged
    texts = gate.tell()
    assert texts[0] == f"intruder at gate, {day_and_moment(0)}, 1 more until {day_and_moment(3)}"


@pytest.mark.parametrize("how", ["sending", "unknown", "unknown, then refused", "words", "taken over"])
def test_events_do_not_join_what_somebody_may_have_already(gate, how):
    (first,) = gate.raised()
    work = gate.one()
    if how.startswith("unknown"):
        gate.settle(work, "unknown", "silent")
        gate.at(0.9)
        gate.now = gate.row().due if how.endswith("refused") else gate.now
        gate.tell(what="transient", error="refused")
    elif how == "words":
        gate.settle(work, "transient", "no", parts={"text": "m1"})
    elif how == "taken over":
        gate.outbox.recover("sms")
    text = gate.row().text
    gate.at(3)
    (second,) = gate.raised()
    assert not second.merged
    assert second.key != first.key
    assert gate.rows()[0].text == text
    assert len(gate.rows()[0].events) == 1


def test_what_comes_in_the_cooldown_is_told_together_at_its_end(gate):
    gate.raised()
    gate.at(1)
    gate.tell()
    gate.at(20)
    (second,) = gate.raised()
    assert second.due == NOON + 61
    gate.at(40)
    assert gate.raised()[0].merged
    gate.at(60.9)
    assert gate.take() == []
    gate.at(61)
    work = gate.one()
    assert work.alert.text == f"intruder at gate, 2 more since {day_and_moment(0)}, the last {day_and_moment(40)}"
    assert work.follows
    gate.settle(work)
    gate.at(62)
    gate.raised()
    gate.at(120.9)  # the cooldown counts from the second message
    assert gate.take() == []
    gate.at(121)
    assert len(gate.take()) == 1


def test_what_comes_after_the_cooldown_is_told_at_once_and_as_new(gate):
    gate.raised()
    gate.tell()
    gate.at(61)
    (told,) = gate.raised()
    assert (told.merged, told.due) == (False, NOON + 61)
    work = gate.one()
    assert work.alert.text == f"intruder at gate, {day_and_moment(61)}"
    assert not work.follows


def test_what_waits_behind_a_message_waits_for_its_cooldown_too(gate):
    gate.raised()
    work = gate.one()
    gate.at(5)
    gate.raised()
    gate.at(30)
    assert gate.take() == []
    gate.settle(work)
    assert gate.rows()[1].due == NOON + 90
    gate.at(89)
    assert gate.take() == []
    gate.at(90)
    assert gate.tell() == [f"intruder at gate, 1 more since {day_and_moment(0)}, {day_and_moment(5)}"]


def test_a_delivery_that_failed_starts_no_cooldown(gate):
    gate.raised()
    gate.tell(what="permanent", error="no")
    gate.at(1)
    (told,) = gate.raised()
    assert (told.merged, told.due) == (False, NOON + 1)
    assert gate.tell() == [f"intruder at gate, {day_and_moment(1)}"]


def test_cooldowns_are_of_one_rule_source_and_recipient(gate):
    gate.raised()
    gate.tell()
    gate.at(1)
    assert gate.raised(rule="fire")[0].due == NOON + 1
    assert gate.raised(source="yard")[0].due == NOON + 1
    assert gate.raised(BOB)[0].due == NOON + 1
    assert gate.raised()[0].due == NOON + 60
    assert len(gate.tell()) == 3


def test_a_restart_keeps_cooldowns(gate):
    gate.raised()
    gate.tell()
    again = Gatehouse(gate.store)
    again.at(30)
    assert again.raised()[0].due == NOON + 60
    again.at(59)
    assert again.take() == []
    again.at(60)
    assert again.tell() == [f"intruder at gate, 1 more since {day_and_moment(0)}, {day_and_moment(30)}"]


def test_a_new_run_waits_for_what_the_last_one_left(gate):
    gate.raised()
    gate.tell(what="transient", error="no")
    again = Gatehouse(gate.store)
    again.at(0.5)
    assert not again.raised()[0].merged
    assert again.take() == []  # the first one is tried again later, and the second one has to follow it
    again.at(10)
    assert len(again.tell()) == 1
    again.at(70)
    assert len(again.tell()) == 1


def test_at_the_end_of_a_run_cooldowns_end(gate):
    gate.raised()
    gate.tell()
    gate.at(5)
    gate.raised()
    other = gate.store.begin_run()
    gate.intake.over(other)
    assert gate.take() == []
    gate.intake.over(gate.run)
    assert gate.tell() == [f"intruder at gate, 1 more since {day_and_moment(0)}, {day_and_moment(5)}"]


def test_the_end_of_a_run_hurries_nothing_but_cooldowns(gate):
    gate.raised(replace(ANNA, after=60.0))
    gate.raised(BOB)
    gate.tell(what="transient", error="no")
    due = gate.row("bob").due
    gate.intake.over(gate.run)
    assert (gate.row("anna").due, gate.row("bob").due) == (NOON + 60, due)


def test_the_latest_event_has_as_long_as_the_first(gate):
    """Otherwise what was raised a second before the end of an outage of a day would be given up with the first."""
    gate.raised()
    gate.tell(what="transient", error="no")
    gate.at(86_390)
    assert gate.raised()[0].merged
    gate.at(86_410)
    gate.tell(what="transient", error="no")
    assert gate.states() == ["pending"]


def test_events_that_keep_coming_do_not_hold_up_the_next_route(gate):
    gate.raised(ANNA_TWO_WAYS)
    for second in range(130):
        gate.at(second)
        gate.raised(ANNA_TWO_WAYS)
        gate.tell("messenger", "transient", "no")
    assert {row.notifier for row in gate.rows()} == {"sms"}


def test_an_alert_of_more_events_than_a_statement_takes_values_is_told(tmp_path):
    """A day and a half without network, with an event every three seconds."""
    with Store.open(f"sqlite:///{tmp_path}/store.db") as store:
        gate = Gatehouse(store)
        gathered = [Event("intruder", "gate", 3.0 * n, 3.0 * n, (), {}, datetime.fromtimestamp(NOON + 3.0 * n, UTC))
                    for n in range(40_000)]  # fmt: skip
        gate.raised()
        store.add(gate.run, [StoredEvent(event) for event in gathered])
        with store.engine.begin() as connection:
            connection.execute(update(deliveries).values(events=[event.id for event in gathered]))
        gate.at(120_000)
        read: list[int] = []
        listen(store.engine, "after_cursor_execute", lambda *facts: read.append(len(facts[3])))
        gate.raised()
        assert max(read) < 100  # to raise another one takes no longer
        ends = f"{day_and_moment(0)}, 40000 more until {day_and_moment(120_000)}"
        assert gate.row().text.endswith(ends)
        work = gate.one()
        assert len(work.alert.events) == 40_001
        assert work.alert.text.endswith(ends)
        assert gate.settle(work).status == "sent"
