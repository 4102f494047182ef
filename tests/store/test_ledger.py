"""What people say to the outbox: acknowledging, escalating, replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from outboxes import ANNA, ANNA_TWO_WAYS, BOB, BOSS, NOON, Gatehouse

PHONE, CHAT = "+237600000001", "4711"


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(NOON + seconds, UTC)


# Unless acknowledged -------------------------------------------------------------------------------------------------


def test_nobody_acknowledges_and_the_next_one_is_told(gate):
    gate.raised(ANNA, BOSS)
    assert gate.states("boss") == ["waiting"]
    gate.tell()
    gate.at(119.9)
    assert gate.take() == []
    gate.at(120)
    assert len(gate.tell()) == 1
    assert gate.states("boss") == ["sent"]


def test_somebody_acknowledges_and_the_next_one_is_not_told(gate):
    gate.raised(ANNA, BOSS)
    gate.tell()
    gate.at(60)
    gate.ledger.acknowledge(gate.row("anna").key, "anna")
    gate.at(120)
    assert gate.take() == []
    row = gate.row("boss")
    assert (row.status, row.acknowledged, row.acknowledged_by) == ("acknowledged", NOON + 60, "anna")
    assert gate.ledger.attempts(row) == []


def test_what_is_acknowledged_before_it_was_sent_counts_as_well(gate):
    gate.raised(ANNA, BOSS)
    gate.ledger.acknowledge(gate.row("anna").key, "anna")
    gate.at(120)
    assert gate.take() == []
    assert (gate.states("anna"), gate.states("boss")) == (["acknowledged"], ["acknowledged"])


def test_an_acknowledgement_that_comes_too_late_changes_nothing(gate):
    gate.raised(ANNA, BOSS)
    gate.tell()
    gate.at(120)
    work = gate.one()
    gate.ledger.acknowledge(gate.row("anna").key, "anna")
    assert gate.settle(work).status == "sent"


def test_an_acknowledgement_of_one_rule_says_nothing_of_another(gate):
    gate.raised(ANNA, rule="fire")
    gate.raised(ANNA, BOSS)
    gate.tell()
    gate.ledger.acknowledge(gate.rows("anna")[0].key, "anna")
    gate.at(120)
    assert len(gate.tell()) == 1


def test_who_acknowledges_part_of_it_has_not_acknowledged_it(gate):
    gate.raised(ANNA, BOSS)
    gate.tell()
    gate.at(10)
    gate.raised(ANNA, BOSS)
    gate.ledger.acknowledge(gate.rows("anna")[1].key, "anna")
    gate.at(120)
    assert len(gate.tell()) == 1


def test_a_later_event_leaves_as_much_time_as_the_first(gate):
    """Anna saw the first one after a minute; the second came ten seconds before the boss would have been called."""
    gate.raised(ANNA, BOSS)
    gate.tell()
    gate.at(60)
    gate.ledger.acknowledge(gate.row("anna").key, "anna")
    gate.at(110)
    gate.raised(ANNA, BOSS)
    gate.tell()
    gate.at(120)
    assert gate.take() == []
    assert gate.row("boss").due == NOON + 230
    gate.at(229)
    assert gate.take() == []
    gate.at(230)
    (text,) = gate.tell()
    assert "1 more until" in text


def test_a_later_event_that_is_acknowledged_as_well_is_told_to_nobody_else(gate):
    gate.raised(ANNA, BOSS)
    gate.tell()
    gate.ledger.acknowledge(gate.rows("anna")[0].key, "anna")
    gate.at(110)
    gate.raised(ANNA, BOSS)
    gate.tell()
    gate.at(120)
    assert gate.take() == []
    gate.ledger.acknowledge(gate.rows("anna")[1].key, "anna")
    gate.at(1000)
    assert gate.take() == []
    assert gate.states("boss") == ["acknowledged"]


def test_who_is_told_later_without_condition_is_told(gate):
    gate.raised(ANNA, replace(BOSS, unless_acknowledged=False))
    gate.tell()
    gate.ledger.acknowledge(gate.row("anna").alert, "anna")
    gate.at(119)
    assert gate.take() == []
    gate.at(120)
    assert len(gate.tell()) == 1


def test_a_clock_that_goes_back_makes_no_escalation_wait(gate):
    gate.raised(ANNA, BOSS)
    gate.tell()
    gate.at(-3600)
    assert len(gate.tell()) == 1
    assert gate.states("boss") == ["sent"]


def test_waiting_ends_though_the_notifier_is_left_alone(gate):
    boss = replace(BOSS, routes=(("messenger", "99"), ("sms", "98")))
    gate.raised(ANNA, boss)
    gate.raised(replace(ANNA_TWO_WAYS, recipient="carol"), rule="fire")
    gate.settle(gate.one("messenger"), "permanent", "no token", closed_for=90_000.0)
    gate.at(121)
    gate.outbox.pass_on("messenger")
    assert {work.delivery.recipient for work in gate.take("sms")} == {PHONE, "98"}


# Acknowledging -------------------------------------------------------------------------------------------------------


def test_it_is_written_down_who_acknowledged_and_when(gate):
    gate.raised()
    gate.tell()
    gate.at(30)
    (before,) = gate.ledger.acknowledge(gate.row().key[:6], "outbox ack")
    row = gate.row()
    assert before.status == "sent"
    assert (row.status, row.acknowledged, row.acknowledged_by, row.settled) == (
        "acknowledged", NOON + 30, "outbox ack", NOON,
    )  # fmt: skip
    assert gate.ledger.acknowledge(row.key, "somebody else") == []
    assert gate.row().acknowledged_by == "outbox ack"


def test_what_is_acknowledged_while_it_is_sent_stays_so_and_keeps_what_was_sent(gate):
    gate.raised()
    work = gate.one()
    gate.ledger.acknowledge(gate.row().key, "anna, by the link")
    row = gate.settle(work, receipt="m1")
    assert (row.status, row.receipt, row.acknowledged_by) == ("acknowledged", "m1", "anna, by the link")
    gate.at(5)
    gate.raised()
    assert gate.take() == []  # the cooldown runs all the same


def test_a_failure_of_what_was_acknowledged_meanwhile_is_not_tried_again(gate):
    gate.raised()
    work = gate.one()
    gate.ledger.acknowledge(gate.row().key, "anna, by the link")
    assert gate.settle(work, "unknown", "silent").status == "acknowledged"
    gate.at(1000)
    assert gate.take() == []


def test_a_dead_letter_that_somebody_has_seen_is_none_any_more(gate):
    gate.raised()
    gate.tell(what="permanent", error="no")
    gate.ledger.acknowledge(gate.row().alert, "outbox ack")
    assert gate.states() == ["acknowledged"]


# Replies -------------------------------------------------------------------------------------------------------------


def sent(gate: Gatehouse, at: float, receipt: str, *whom, rule: str = "intruder") -> str:
    gate.at(at)
    (told,) = gate.raised(*whom or (ANNA,), rule=rule)
    (work,) = gate.take()
    gate.settle(work, receipt=receipt)
    return told.key


def test_a_reply_acknowledges_the_last_that_was_sent_before_it(gate):
    keys = [sent(gate, at, f"m{at}", rule=f"rule {at}") for at in (0, 100, 200)]
    gate.at(250)
    meant = gate.ledger.replied("sms", PHONE, time=moment(150))
    assert meant.key == keys[1]
    assert gate.states() == ["sent", "acknowledged", "sent"]
    assert gate.rows()[1].acknowledged_by == "anna"


def test_a_service_whose_clock_is_behind_is_understood(gate):
    sent(gate, 0, "m1")
    assert gate.ledger.replied("sms", PHONE, time=moment(-61)) is None
    assert gate.ledger.replied("sms", PHONE, time=moment(-59)) is not None
    assert gate.states() == ["acknowledged"]


def test_what_may_have_been_sent_after_the_reply_is_not_acknowledged_where_something_was_before(gate):
    sent(gate, 0, "m1", rule="a")
    sent(gate, 130, "m2", rule="b")
    gate.at(140)
    gate.ledger.replied("sms", PHONE, time=moment(100))
    assert gate.states() == ["acknowledged", "sent"]


def test_a_reply_to_a_message_acknowledges_that_one(gate):
    for at in (0, 100, 200):
        sent(gate, at, f"m{at}", rule=f"rule {at}")
    gate.ledger.replied("sms", PHONE, "m0", moment(300))
    assert gate.states() == ["acknowledged", "sent", "sent"]
    assert gate.ledger.replied("sms", PHONE, "of somebody else", moment(300)) is None
    assert gate.states() == ["acknowledged", "sent", "sent"]


def test_a_reply_to_a_picture_is_one_to_its_alert(gate):
    gate.raised()
    gate.settle(gate.one(), receipt="m1", parts={"snapshot": "m2"})
    sent(gate, 100, "m3", rule="fire")
    gate.ledger.replied("sms", PHONE, "m2", moment(200))
    assert gate.states() == ["acknowledged", "sent"]


def test_a_reply_to_more_of_the_same_is_one_to_all_of_it(gate):
    """Who says "ok" to "2 more since 12:03" need not say it of 12:03 as well."""
    sent(gate, 0, "m0")
    for at in (10, 70):  # each in the cooldown of the one before
        gate.at(at)
        gate.raised()
        gate.now = gate.rows()[-1].due
        gate.tell()
    sent(gate, 150, "m3", rule="fire")
    gate.at(200)
    gate.ledger.replied("sms", PHONE, time=moment(149))
    assert gate.states() == ["acknowledged", "acknowledged", "acknowledged", "sent"]


def test_a_reply_is_not_one_to_what_was_told_before_and_apart(gate):
    sent(gate, 0, "m0")
    sent(gate, 500, "m1")
    gate.ledger.replied("sms", PHONE, time=moment(600))
    assert gate.states() == ["sent", "acknowledged"]


def test_others_cannot_acknowledge(gate):
    sent(gate, 0, "m0", ANNA)
    gate.raised(BOB)
    gate.at(10)
    assert gate.ledger.replied("sms", "+4711", "m0", moment(5)) is None
    assert gate.ledger.replied("messenger", PHONE, "m0", moment(5)) is None
    assert gate.ledger.replied("sms", BOB.routes[0][1], time=moment(5)) is None  # nothing was sent to Bob yet
    assert (gate.states("anna"), gate.states("bob")) == (["sent"], ["pending"])


def test_a_reply_while_the_picture_is_on_its_way_acknowledges(gate, tmp_path):
    gate.raised(ANNA, BOSS)
    work = gate.one()
    gate.intake.clip(gate.run, gate.event().id, tmp_path / "1.mp4", ["sms"])
    gate.settle(work, receipt="m1")
    clip = gate.one()
    gate.ledger.replied("sms", PHONE, time=moment(1))
    row = gate.settle(clip, parts={"clip": "m2"})
    assert (row.status, row.acknowledged_by) == ("acknowledged", "anna")
    gate.at(130)
    assert gate.take() == []


def test_a_reply_by_the_way_that_worked_acknowledges(gate):
    gate.raised(ANNA_TWO_WAYS)
    gate.tell("messenger", "permanent", "no window")
    gate.tell("sms")
    assert gate.ledger.replied("messenger", CHAT, time=moment(1)) is None
    gate.ledger.replied("sms", PHONE, time=moment(1))
    assert gate.states() == ["acknowledged"]


def test_a_reply_that_was_given_already_changes_nothing(gate):
    sent(gate, 0, "m0")
    gate.at(10)
    gate.ledger.replied("sms", PHONE, time=moment(9))
    gate.at(20)
    assert gate.ledger.replied("sms", PHONE, time=moment(19)).status == "acknowledged"
    assert gate.row().acknowledged == NOON + 10
