"""Which way a delivery takes, and what becomes of its parts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from outboxes import ANNA_TWO_WAYS, BOB, NOON

from instantreact_sdk.alerts.backoff import LONGEST

# Routes --------------------------------------------------------------------------------------------------------------


def test_a_permanent_failure_takes_the_next_route_at_once(gate):
    gate.raised(ANNA_TWO_WAYS)
    first = gate.one("messenger")
    row = gate.settle(first, "permanent", "The window is closed.")
    assert (row.status, row.notifier, row.due, row.attempts) == ("pending", "sms", NOON, 0)
    second = gate.one("sms")
    assert (second.delivery.recipient, second.delivery.attempt) == ("+237600000001", 1)
    assert (second.delivery.key, second.delivery.done) == (first.delivery.key, {})
    assert gate.settle(second).status == "sent"


def test_a_permanent_failure_of_the_last_route_is_a_dead_letter(gate):
    gate.raised(ANNA_TWO_WAYS)
    gate.tell("messenger", "permanent", "no window")
    gate.tell("sms", "permanent", "no such number")
    row = gate.row()
    assert (row.status, row.error, row.settled) == ("failed", "no such number", NOON)
    gate.at(1e6)
    assert gate.take("messenger") + gate.take("sms") == []


def test_a_route_that_does_not_deliver_in_time_gives_way(gate):
    gate.raised(ANNA_TWO_WAYS)
    gate.failing("messenger", until=150)
    row = gate.row()
    assert (row.notifier, row.due) == ("sms", NOON + 120)
    tried = [attempt.began - NOON for attempt in gate.ledger.attempts(row)]
    assert all(one < 120 for one in tried)
    assert len(tried) >= 6  # pauses of at most 2, 4, 8, 16, 32, 64 s


def test_time_counts_from_the_first_try_of_each_route(gate):
    gate.raised(ANNA_TWO_WAYS)
    gate.at(1000)  # the delivery process was down
    gate.failing("messenger", until=1119)
    assert gate.take("sms") == []
    gate.at(1120)
    assert gate.row().notifier == "sms"
    gate.at(50_000)
    gate.failing("sms", until=50_010)
    assert gate.states() == ["pending"]
    gate.at(50_000 + 86_400)
    gate.tell("sms", "transient", "no")
    assert gate.states() == ["expired"]


def test_what_a_service_asks_for_does_not_hold_up_the_next_route(gate):
    gate.raised(ANNA_TWO_WAYS)
    row = gate.settle(gate.one("messenger"), "transient", "slow down", retry_after=3600.0)
    assert (row.notifier, row.due) == ("sms", NOON + 120)
    gate.at(119)
    assert gate.take("sms") == []
    gate.at(120)
    assert len(gate.take("sms")) == 1


def test_what_nobody_could_try_gives_way_as_well(gate):
    gate.raised(ANNA_TWO_WAYS, BOB)
    gate.at(119)
    assert gate.outbox.pass_on("messenger", "It is quarantined.") == []
    gate.at(120)
    (row,) = gate.outbox.pass_on("messenger", "It is quarantined.")
    assert (row.notifier, row.error, row.status) == ("sms", "It is quarantined.", "pending")
    gate.at(86_399)
    assert gate.outbox.pass_on("sms", "It is quarantined.") == []
    gate.at(86_400)
    assert [row.recipient for row in gate.outbox.pass_on("sms", "It is quarantined.")] == ["bob"]
    gate.at(86_520)
    assert [row.recipient for row in gate.outbox.pass_on("sms", "It is quarantined.")] == ["anna"]
    assert gate.states("anna") + gate.states("bob") == ["expired", "expired"]


def test_a_notifier_that_is_left_alone_for_too_long_gives_way_at_once(gate):
    gate.raised(ANNA_TWO_WAYS, rule="a")
    gate.raised(ANNA_TWO_WAYS, rule="b")
    first, second = gate.take("messenger")
    gate.settle(first, "permanent", "The token has expired.", closed_for=86_400.0)
    gate.outbox.give_back([second])
    assert gate.outbox.pass_on("sms") == []
    (row,) = gate.outbox.pass_on("messenger")
    assert (row.rule, row.notifier, row.error) == ("b", "sms", "The token has expired.")


def test_a_notifier_that_is_left_alone_for_a_moment_keeps_what_it_has(gate):
    gate.raised(ANNA_TWO_WAYS)
    gate.settle(gate.one("messenger"), "transient", "slow down", closed_for=30.0)
    assert gate.outbox.pass_on("messenger") == []
    gate.raised(BOB)
    gate.settle(gate.one("sms"), "transient", "no", closed_for=50_000.0)
    assert gate.outbox.pass_on("sms") == []  # there is no other way
    assert gate.states("bob") == ["pending"]


def test_a_cooldown_that_holds_back_is_no_time_in_which_a_route_failed(gate):
    slow = replace(ANNA_TWO_WAYS, cooldown=3600.0)
    gate.raised(slow)
    gate.tell("messenger")
    gate.at(10)
    gate.raised(slow)
    gate.at(3500)
    assert gate.outbox.pass_on("messenger", "quarantined") == []
    gate.at(3600)
    (work,) = gate.take("messenger")
    gate.settle(work, "transient", "no")
    assert gate.rows()[1].notifier == "messenger"


# Parts ---------------------------------------------------------------------------------------------------------------


def test_who_has_the_words_is_told_and_no_other_route_tells_them_again(gate):
    gate.raised(ANNA_TWO_WAYS, snapshot="/somewhere/1.jpg")
    row = gate.settle(gate.one("messenger"), "permanent", "The picture is too large.", parts={"text": "m1"})
    assert (row.status, row.error, row.parts) == ("sent", "The picture is too large.", {"text": "m1"})
    assert gate.take("sms") == []


def test_what_was_sent_is_remembered_and_not_sent_again(gate):
    gate.raised(snapshot="/somewhere/1.jpg")
    gate.settle(gate.one(), "transient", "no", parts={"text": "m1"})
    gate.at(10)
    work = gate.one()
    assert work.delivery.done == {"text": "m1"}
    row = gate.settle(work, receipt="m2", parts={"snapshot": "m2"})
    assert (row.status, row.parts) == ("sent", {"text": "m1", "snapshot": "m2"})


def test_a_picture_that_fails_does_not_hold_back_the_words_of_what_comes_later(gate):
    gate.raised(snapshot="/somewhere/1.jpg")
    row = gate.settle(gate.one(), "transient", "no", parts={"text": "m1"})
    assert (row.status, row.settled) == ("pending", NOON)
    gate.at(5)
    gate.raised()
    gate.at(60)  # the cooldown counts from the words
    assert any("1 more since" in text for text in gate.tell(what="transient"))


def test_a_picture_is_tried_for_an_hour_and_then_the_words_have_to_do(gate):
    gate.raised(snapshot="/somewhere/1.jpg")
    gate.settle(gate.one(), "transient", "no", parts={"text": "m1"})
    gate.failing(until=3590)
    assert gate.states() == ["pending"]
    gate.failing(until=3600 + LONGEST)
    assert gate.states() == ["sent"]


def test_a_clip_that_is_ready_before_the_words_goes_with_them(gate, tmp_path):
    gate.raised()
    gate.intake.clip(gate.run, gate.event().id, tmp_path / "1.mp4", ["sms"])
    work = gate.one()
    assert work.alert.clip == tmp_path / "1.mp4"
    assert gate.settle(work).status == "sent"
    assert gate.take() == []


def test_a_clip_that_comes_while_the_words_are_sent_follows(gate, tmp_path):
    gate.raised()
    work = gate.one()
    gate.intake.clip(gate.run, gate.event().id, tmp_path / "1.mp4", ["sms"])
    row = gate.settle(work, receipt="m1")
    assert (row.status, row.settled) == ("pending", NOON)
    again = gate.one()
    assert (again.alert.clip, again.delivery.done, again.follows) == (tmp_path / "1.mp4", {"text": "m1"}, False)
    assert gate.settle(again, receipt="m2", parts={"clip": "m2"}).status == "sent"


def test_a_clip_that_comes_after_the_words_follows_at_once(gate, tmp_path):
    gate.raised()
    gate.tell()
    gate.at(8)
    gate.intake.clip(gate.run, gate.event().id, tmp_path / "1.mp4", ["sms"])  # of another event
    assert gate.take() == []
    gate.intake.clip(gate.run, gate.rows()[0].events[0], tmp_path / "1.mp4", ["sms"])
    work = gate.one()
    assert work.delivery.attempt == 2
    row = gate.settle(work, parts={"clip": "m2"})
    assert (row.status, row.settled) == ("sent", NOON)


def test_the_cooldown_counts_from_the_words_though_a_clip_follows(gate, tmp_path):
    gate.raised()
    work = gate.one()
    gate.intake.clip(gate.run, gate.event().id, tmp_path / "1.mp4", ["sms"])
    gate.settle(work)
    gate.at(10)
    gate.raised()
    (clip,) = gate.take()
    gate.settle(clip)
    gate.at(59)
    assert gate.take() == []
    gate.at(60)
    assert len(gate.tell()) == 1


def test_a_clip_that_fails_leaves_the_alert_told(gate, tmp_path):
    gate.raised(ANNA_TWO_WAYS)
    gate.tell("messenger")
    gate.intake.clip(gate.run, gate.event().id, tmp_path / "1.mp4", ["messenger"])
    assert gate.settle(gate.one("messenger"), "permanent", "too large").status == "sent"
    assert gate.take("sms") == []


@pytest.mark.parametrize("notifiers", [[], ["messenger"]])
def test_a_clip_does_not_follow_where_the_notifier_sends_none(gate, tmp_path, notifiers):
    gate.raised()
    work = gate.one()
    gate.intake.clip(gate.run, gate.event().id, tmp_path / "1.mp4", notifiers)
    assert gate.settle(work).status == "sent"
    gate.intake.clip(gate.run, gate.event().id, tmp_path / "1.mp4", notifiers)
    assert gate.take() == []


def test_a_clip_does_not_follow_what_was_acknowledged(gate, tmp_path):
    gate.raised()
    gate.tell()
    gate.ledger.acknowledge(gate.row().key, "anna")
    gate.intake.clip(gate.run, gate.event().id, tmp_path / "1.mp4", ["sms"])
    assert gate.states() == ["acknowledged"]
    assert gate.take() == []
