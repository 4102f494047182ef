"""What people ask the outbox, and what they decide: acknowledging, escalating, trying again, dropping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from outboxes import ANNA, ANNA_TWO_WAYS, BOB, BOSS, NOON, Gatehouse

from instantreact_sdk import Alert, InstantReactError

PHONE, CHAT = "+237600000001", "4711"


@pytest.fixture
def gate(store) -> Iterator[Gatehouse]:
    return Gatehouse(store)


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(NOON + seconds, UTC)


# Unless acknowledged --------------------------------------------------------------------------------------------------


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


# Acknowledging --------------------------------------------------------------------------------------------------------


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


# Replies --------------------------------------------------------------------------------------------------------------


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


# Asking ---------------------------------------------------------------------------------------------------------------


def test_deliveries_are_found_by_what_they_are(gate):
    gate.raised(ANNA, BOB)
    gate.tell()
    gate.at(100)
    gate.raised(ANNA)
    assert [row.recipient for row in gate.ledger.deliveries()] == ["anna", "bob", "anna"]
    assert [row.status for row in gate.ledger.deliveries(status=["pending"])] == ["pending"]
    assert len(gate.ledger.deliveries(status=["pending", "sent"], limit=2)) == 2
    assert len(gate.ledger.deliveries(recipient="bob")) == 1
    assert len(gate.ledger.deliveries(alert=gate.rows()[0].alert)) == 2
    assert gate.ledger.deliveries(run="another") == []


def test_an_event_is_told_to_each_by_an_alert_of_its_own(gate):
    """Anna has a cooldown, in which the second and the third are told together; Bob has none, and is told of each."""
    bob = replace(BOB, cooldown=0.0)
    for number in range(3):
        gate.at(number)
        gate.raised(ANNA, bob)
        gate.tell()
    second, third = gate.rows("anna")[1].events
    found = gate.ledger.deliveries(event=third)
    assert [(row.recipient, row.events) for row in found] == [("bob", (third,)), ("anna", (second, third))]
    assert gate.ledger.deliveries(event=third, run="another") == []
    assert gate.ledger.deliveries(event="%") == []


def test_the_beginning_of_a_key_or_of_an_alert_is_enough(gate):
    gate.raised(ANNA, BOB)
    anna, bob = gate.rows("anna") + gate.rows("bob")
    assert gate.ledger.delivery(anna.key[:10]) == anna
    assert gate.ledger.delivery(f" {bob.key.upper()} ") == bob
    assert gate.ledger.meant(anna.alert[:10]) == [anna, bob]
    with pytest.raises(InstantReactError, match=r"IR5031: .* could mean 2 deliveries"):
        gate.ledger.delivery(anna.alert)


@pytest.mark.parametrize("prefix", ["", " ", "%", "_", "ffffffffffffffffffffffff0", "anna", "\0"])
def test_what_names_nothing_is_refused(gate, prefix):
    gate.raised()
    for ask in (gate.ledger.delivery, gate.ledger.retry, gate.ledger.drop):
        with pytest.raises(InstantReactError, match="IR5030"):
            ask(prefix)


def test_what_could_mean_several_changes_nothing(gate):
    for number in range(40):
        gate.raised(rule=f"rule {number}")
    first = gate.rows()[0].key[0]
    for ask in (gate.ledger.retry, gate.ledger.drop, lambda prefix: gate.ledger.acknowledge(prefix, "me")):
        with pytest.raises(InstantReactError, match="IR5031"):
            ask(first)
    assert {*gate.states()} == {"pending"}


def test_of_two_runs_over_the_same_file_the_latest_is_meant(gate):
    alert = Alert("a1", "intruder", "film", "Somebody.", (gate.event(),), 4.0)
    keys = []
    for _ in range(2):
        gate.run = gate.store.begin_run()
        keys.append(gate.intake.alert(gate.run, alert, ANNA))
    assert [row.key for row in gate.ledger.meant("a1")] == keys[1:]


# Trying again, dropping -----------------------------------------------------------------------------------------------


def test_what_was_given_up_is_tried_again_from_its_first_route_on(gate):
    gate.raised(ANNA_TWO_WAYS)
    gate.tell("messenger", "permanent", "no window")
    gate.tell("sms", "permanent", "no number")
    gate.at(5000)
    (before,) = gate.ledger.retry(gate.row().key)
    assert before.status == "failed"
    row = gate.row()
    assert (row.status, row.notifier, row.attempts, row.settled) == ("pending", "messenger", 0, None)
    assert len(gate.tell("messenger")) == 1
    assert gate.states() == ["sent"]
    assert gate.outcomes() == ["permanent", "permanent", "sent"]


def test_all_that_was_given_up_is_tried_again_at_once_and_nothing_else(gate):
    for number in range(3):
        gate.raised(rule="a" if number else "b")
        gate.tell(what="permanent", error="no")
        gate.at(number + 1)
    gate.raised(BOB)
    gate.tell()
    assert len(gate.ledger.retry()) == 3
    assert len(gate.tell()) == 3
    assert gate.ledger.retry() == []


def test_what_waits_is_tried_now_whatever_holds_it_back(gate):
    gate.raised()
    gate.tell()
    gate.at(5)
    gate.raised()  # in the cooldown
    gate.raised(BOB)
    gate.settle(gate.one(), "transient", "no", retry_after=5000.0, closed_for=5000.0)
    assert gate.take() == []
    gate.ledger.retry(gate.rows("anna")[1].key)
    gate.ledger.retry(gate.row("bob").key)
    assert len(gate.tell()) == 2


def test_what_was_sent_is_not_sent_again(gate):
    gate.raised(ANNA, BOSS)
    gate.tell()
    assert gate.ledger.retry(gate.row().key) == []
    assert gate.ledger.retry(gate.row("boss").key) == []
    assert (gate.states("anna"), gate.states("boss")) == (["sent"], ["waiting"])


def test_what_is_dropped_is_told_to_nobody(gate):
    gate.raised(ANNA, BOSS)
    assert len(gate.ledger.drop(gate.row().alert)) == 2
    gate.at(500)
    assert gate.take() == []
    row = gate.row()
    assert (row.status, row.error) == ("failed", "It was dropped by hand.")


def test_what_was_told_already_is_not_called_given_up(gate, tmp_path):
    gate.raised()
    gate.tell()
    gate.intake.clip(gate.run, gate.event().id, tmp_path / "1.mp4", ["sms"])
    gate.ledger.drop(gate.row().key)
    assert gate.states() == ["sent"]
    assert gate.take() == []


# Alerts of files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Somebody.", "\N{FIRE} نعم", "x" * 10_000, "a\0b\ud83d"])
def test_an_alert_of_a_file_comes_out_as_it_went_in(gate, text):
    alert = Alert("a1", "intruder", "film", text, (gate.event(), gate.event("fire")), 4.0, None, Path("/there/1.jpg"))
    key = gate.intake.alert(gate.run, alert, ANNA)
    assert gate.intake.alert(gate.run, alert, ANNA) == key
    work = gate.one()
    kept = text.replace("\0", "").replace("\ud83d", "?")
    assert (work.alert.text, work.alert.time, work.alert.wall) == (kept, 4.0, None)
    assert (work.alert.events, work.alert.snapshot) == (alert.events, Path("/there/1.jpg"))
    assert (work.delivery.key, work.delivery.recipient) == (key, PHONE)


def test_alerts_of_files_are_told_one_by_one_and_join_nothing(gate):
    for number in range(3):
        gate.intake.alert(gate.run, Alert(f"a{number}", "intruder", "film", f"{number}", (gate.event(),), 4.0), ANNA)
    gate.raised()
    assert [text[0] for text in gate.tell()] == ["0", "1", "2", "i"]


def test_what_is_only_written_down_is_sent_to_nobody(gate):
    gate.intake.alert(gate.run, Alert("a1", "intruder", "film", "x", (gate.event(),), 4.0), ANNA, status="noted")
    gate.at(1e6)
    assert gate.take() == []
    assert gate.outbox.pass_on("sms", "quarantined") == []
    assert gate.ledger.retry() == []
    assert gate.states() == ["noted"]
