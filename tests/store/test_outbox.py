"""What becomes of a delivery: each step of its way, and each moment by arithmetic."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from outboxes import ANNA, ANNA_TWO_WAYS, BOB, NOON

from instantreact_sdk.alerts.backoff import FIRST, LONGEST, pause
from instantreact_sdk.alerts.outbox import PATIENCE

# The way of one delivery ---------------------------------------------------------------------------------------------


def test_it_is_pending_then_sending_then_sent(gate):
    gate.raised()
    assert gate.states() == ["pending"]
    gate.at(0.5)
    work = gate.one()
    assert gate.states() == ["sending"]
    gate.at(1.5)
    row = gate.settle(work, receipt="m1")
    assert (row.status, row.settled, row.receipt, row.parts) == ("sent", NOON + 1.5, "m1", {"text": "m1"})
    (attempt,) = gate.ledger.attempts(row)
    assert (attempt.number, attempt.notifier, attempt.outcome) == (1, "sms", "sent")
    assert (attempt.began, attempt.ended) == (NOON + 0.5, NOON + 1.5)
    gate.at(9999)
    assert gate.take() == []


def test_what_is_being_sent_is_not_taken_again(gate):
    gate.raised()
    gate.one()
    assert gate.take() == []
    gate.at(3600)
    assert gate.take() == []


def test_what_another_notifier_sends_is_left_to_it(gate):
    gate.raised(ANNA_TWO_WAYS)
    assert gate.take("sms") == []
    assert gate.one("messenger").delivery.recipient == "4711"


def test_a_failure_is_tried_again_with_the_same_key(gate):
    gate.raised()
    keys = []
    for number in range(1, 4):
        work = gate.one()
        assert work.delivery.attempt == number
        keys.append(work.delivery.key)
        row = gate.settle(work, "transient", "no")
        assert (row.status, row.error, row.attempts) == ("pending", "no", number)
        gate.now = row.due
    assert len({*keys}) == 1
    gate.tell()
    assert gate.outcomes() == ["transient"] * 3 + ["sent"]
    assert gate.row().error == ""


def test_keys_differ_by_recipient_step_rule_and_run(gate):
    later = replace(ANNA, recipient="boss", after=60.0)
    told = gate.raised(ANNA, BOB, later, replace(later, recipient="log", after=90.0))
    told += gate.raised(ANNA, rule="fire")
    gate.run = gate.store.begin_run()
    told += gate.raised(ANNA)
    assert len({one.key for one in told}) == 6
    assert all(len(one.key) == 24 for one in told)


def test_a_step_of_its_own_has_a_key_of_its_own(gate, url):
    """The same event and recipient, told by another step of the rule: were the keys the same, one of both would be lost."""
    (first,) = gate.raised(ANNA)
    gate.tell()
    (second,) = gate.raised(replace(ANNA, after=60.0))
    assert first.key != second.key


def test_an_event_that_is_raised_twice_is_told_once(gate):
    first = gate.raised(ANNA, BOB)
    assert [one.key for one in gate.raised(ANNA, BOB)] == [one.key for one in first]
    gate.tell()
    gate.raised(ANNA, BOB)
    assert (gate.states("anna"), gate.states("bob")) == (["sent"], ["sent"])
    assert gate.row().events == (gate.event().id,)


def test_what_was_not_tried_goes_back_and_leaves_no_attempt(gate):
    gate.raised(ANNA)
    gate.raised(BOB)
    first, second = gate.take()
    gate.outbox.give_back([second])
    assert (gate.states("anna"), gate.states("bob")) == (["sending"], ["pending"])
    assert gate.ledger.attempts(gate.row("bob")) == []
    gate.outbox.give_back([])
    work = gate.one()
    assert (work.delivery.key, work.delivery.attempt) == (second.delivery.key, 1)
    gate.settle(first)
    assert gate.states("anna") == ["sent"]


# Order, back-off, patience -------------------------------------------------------------------------------------------


def test_each_recipient_is_told_in_order(gate):
    for number in range(6):
        gate.at(number)
        gate.raised(ANNA, BOB, rule=f"rule {number}")
    works = gate.take(most=5) + gate.take(most=50)
    for address in ("+237600000001", "+237600000002"):
        assert [one.alert.rule for one in works if one.delivery.recipient == address] == [f"rule {n}" for n in range(6)]


def test_pauses_double_and_are_shortened_by_chance_never_by_more_than_half():
    random = Random(7)
    for attempts in range(1, 40):
        whole = min(FIRST * 2 ** (attempts - 1), LONGEST)
        found = [pause(attempts, random=random) for _ in range(200)]
        assert whole / 2 <= min(found) < max(found) <= whole
        assert max(found) - min(found) > whole / 4


def test_what_a_service_asks_for_is_never_undercut():
    random = Random(7)
    for asked in (0.0, 1.0, 60.0, 4000.0):
        for attempts in (1, 3, 9):
            found = [pause(attempts, retry_after=asked, random=random) for _ in range(200)]
            assert min(found) >= asked
            assert max(found) <= max(asked * 1.1, LONGEST)


def test_the_store_waits_as_long_as_the_service_asks_for(gate):
    gate.raised(replace(ANNA, expire=7200.0))
    row = gate.settle(gate.one(), "transient", "later", retry_after=3600.0)
    assert NOON + 3600 <= row.due <= NOON + 3960
    gate.now = row.due - 1
    assert gate.take() == []
    gate.now = row.due
    assert len(gate.take()) == 1


def test_five_failures_in_a_row_leave_a_notifier_alone_and_then_one_delivery_tries(gate):
    for number in range(8):
        gate.raised(rule=f"rule {number}")
    works = gate.take()
    for work in works[: PATIENCE - 1]:
        gate.settle(work, "transient", "no")
    assert gate.ledger.figures().notifiers["sms"].closed_for == 0.0
    gate.settle(works[PATIENCE - 1], "unknown", "silent")
    gate.outbox.give_back(works[PATIENCE:])
    shut = gate.ledger.figures().notifiers["sms"]
    assert 1.0 <= shut.closed_for <= 2.0  # the first pause
    assert (shut.failures, shut.cause) == (5, "silent")
    assert gate.take() == []
    gate.now += shut.closed_for
    (probe,) = gate.take()
    gate.settle(probe, "transient", "no")
    shut = gate.ledger.figures().notifiers["sms"]
    assert 2.0 <= shut.closed_for <= 4.0  # the second one
    gate.now += shut.closed_for
    (probe,) = gate.take()
    gate.settle(probe)
    assert gate.ledger.figures().notifiers["sms"].failures == 0
    gate.now += LONGEST
    assert len(gate.take()) == 7


def test_an_answer_of_any_use_ends_the_row_of_failures(gate):
    for number in range(3 * PATIENCE):
        gate.raised(rule=f"rule {number}")
    works = iter(gate.take())
    for what in ["transient"] * 4 + ["permanent"] + ["unknown"] * 4 + ["sent"] + ["transient"] * 4:
        gate.settle(next(works), what, "no")
    assert gate.ledger.figures().notifiers["sms"].closed_for == 0.0


def test_a_notifier_that_says_for_how_long_it_reaches_nobody_is_left_alone_so_long(gate):
    gate.raised(rule="a")
    gate.raised(rule="b")
    first, second = gate.take()
    gate.settle(first, "transient", "slow down", closed_for=900.0)
    gate.outbox.give_back([second])
    gate.at(899)
    assert gate.take() == []
    gate.at(900)
    assert len(gate.take()) == 2


# Clocks --------------------------------------------------------------------------------------------------------------


def test_a_clock_that_goes_back_makes_nothing_wait(gate):
    gate.raised(ANNA)
    gate.tell()
    gate.raised(BOB)
    gate.settle(gate.one(), "transient", "no", closed_for=200.0)
    gate.at(5)
    gate.raised(ANNA)
    gate.at(5 - 3600)
    assert gate.outbox.next("sms") == gate.now
    assert {work.delivery.recipient for work in gate.take()} == {"+237600000001", "+237600000002"}


def test_a_clock_that_goes_forward_by_a_day_loses_nothing(gate):
    gate.raised(ANNA)
    gate.tell(what="transient", error="no")
    gate.raised(BOB)
    gate.at(86_400)
    assert len(gate.tell()) == 2
    assert gate.states("anna") + gate.states("bob") == ["sent", "sent"]


@pytest.mark.parametrize("opens", [False, True])
def test_time_in_which_the_machine_was_off_is_no_time_in_which_it_was_tried(gate, opens):
    """Two days later there is no network yet, and a notifier that cannot even be opened; the alerts are not given up for that."""
    gate.raised(replace(ANNA, expire=3600.0))
    gate.tell(what="transient", error="no network")
    gate.raised(replace(BOB, expire=3600.0))
    gate.at(172_800)
    if not opens:
        gate.outbox.pass_on("sms", "no network")
    gate.tell(what="transient", error="no network")
    assert gate.states("anna") + gate.states("bob") == ["pending", "pending"]
    gate.failing(until=172_800 + 3600 + 2 * LONGEST)
    assert gate.states("anna") + gate.states("bob") == ["expired", "expired"]


def test_a_clock_that_goes_forward_and_back_holds_nothing_back(gate):
    gate.at(86_400)
    gate.raised(ANNA)
    gate.tell()
    gate.at(10)
    gate.raised(ANNA)
    assert len(gate.tell()) == 1


# Who takes over ------------------------------------------------------------------------------------------------------


def test_what_was_begun_by_a_process_that_died_is_tried_again(gate):
    gate.raised(ANNA)
    gate.raised(BOB)
    first = gate.take()
    assert gate.outbox.recover("messenger") == 0
    assert gate.outbox.recover("sms") == 2
    assert gate.outcomes("anna") == ["broken off"]
    again = gate.take()
    assert [work.delivery.key for work in again] == [work.delivery.key for work in first]
    assert [work.delivery.attempt for work in again] == [2, 2]


def test_what_a_process_that_died_had_not_come_to_keeps_its_order(gate):
    for rule in ("a", "b", "c", "d"):
        gate.raised(rule=rule)
    for taken in ("abcd", "abcd", "bcd", "cd", "d"):  # each dies in the first one, for which it is the second time then
        assert "".join(work.alert.rule for work in gate.take(most=4)) == taken
        gate.outbox.recover("sms")


def test_what_kills_the_process_each_time_does_not_hold_up_the_others_and_ends(gate):
    gate.raised(replace(ANNA, expire=7200.0))
    gate.raised(BOB)
    sent = 0
    while gate.states("anna") != ["expired"]:
        sent += any(work.delivery.recipient == BOB.routes[0][1] and gate.settle(work) for work in gate.take())
        gate.outbox.recover("sms")
        gate.wait()
    assert sent == 1
    assert NOON + 7200 <= gate.now <= NOON + 7200 + LONGEST + 1
    assert set(gate.outcomes("anna")) == {"broken off"}


def test_who_was_taken_over_from_settles_nothing(gate):
    gate.raised()
    stale = gate.one()
    gate.outbox.recover("sms")
    fresh = gate.one()
    gate.settle(stale, "permanent", "no")
    assert gate.states() == ["sending"]
    gate.outbox.give_back([stale])
    assert gate.states() == ["sending"]
    gate.settle(stale)  # it was sent twice, and the second one is on its way
    assert gate.states() == ["sending"]
    assert gate.settle(fresh, receipt="m2").receipt == "m2"
    assert gate.outcomes() == ["broken off", "sent"]


def test_who_was_taken_over_from_saves_the_second_try_where_it_comes_in_time(gate):
    gate.raised()
    stale = gate.one()
    gate.outbox.recover("sms")
    assert gate.settle(stale, receipt="m1").status == "sent"
    assert gate.take() == []


def test_what_was_dropped_while_it_was_sent_was_sent(gate):
    gate.raised()
    work = gate.one()
    gate.ledger.drop(gate.row().key)
    assert gate.states() == ["failed"]
    assert gate.settle(work).status == "sent"


def test_what_was_dropped_while_it_was_sent_and_failed_stays_dropped(gate):
    gate.raised()
    work = gate.one()
    gate.ledger.drop(gate.row().key)
    assert gate.settle(work, "transient", "no").status == "failed"
    assert gate.take() == []


# Text ----------------------------------------------------------------------------------------------------------------

AWKWARD = {
    "NUL": ("a\0b", "ab"),
    "emoji": ("\N{FIRE}" * 40, "\N{FIRE}" * 40),
    "half a character": ("a\ud83db", "a?b"),
    "quotes": ("'; DROP TABLE deliveries; --%_\\", "'; DROP TABLE deliveries; --%_\\"),
}


@pytest.mark.parametrize("name", AWKWARD)
def test_what_a_service_says_is_kept_whatever_it_is(gate, name):
    said, kept = AWKWARD[name]
    gate.raised()
    row = gate.settle(gate.one(), "transient", said, parts={"snapshot": said})
    assert (row.error, row.parts) == (kept, {"snapshot": kept})
    gate.at(10)
    assert gate.settle(gate.one(), receipt=said).receipt == kept
    assert [attempt.error for attempt in gate.ledger.attempts(gate.row())] == [kept, ""]


def test_ten_thousand_characters_are_kept(gate):
    gate.raised()
    row = gate.settle(gate.one(), "permanent", "no " * 3400)
    assert row.error == "no " * 3400
