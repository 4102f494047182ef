"""What people ask the outbox, and what they decide: trying again, dropping."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from outboxes import ANNA, ANNA_TWO_WAYS, BOB, BOSS

from instantreact_sdk import Alert, InstantReactError

PHONE, CHAT = "+237600000001", "4711"


# Asking --------------------------------------------------------------------------------------------------------------


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


# Trying again, dropping ----------------------------------------------------------------------------------------------


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


# Alerts of files -----------------------------------------------------------------------------------------------------


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
