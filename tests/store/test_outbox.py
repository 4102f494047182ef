"""What becomes of a delivery: each step of its way, and each moment by arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from outboxes import ANNA, ANNA_TWO_WAYS, BOB, NOON, Gatehouse

from instantreact_sdk.alerts.backoff import FIRST, LONGEST, pause
from instantreact_sdk.alerts.outbox import PATIENCE


@pytest.fixture
def gate(store) -> Iterator[Gatehouse]:
    return Gatehouse(store)


def moment(seconds: float) -> str:
    """So many seconds after noon, as a text says it."""
    return f"{datetime.fromtimestamp(NOON + seconds, UTC).astimezone():%H:%M:%S}"


def day_and_moment(seconds: float) -> str:
    """The tests' noon is some day other than today."""
    return f"{datetime.fromtimestamp(NOON + seconds, UTC).astimezone():%Y-%m-%d %H:%M:%S}"


# The way of one delivery ----------------------------------------------------------------------------------------------


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


# Order, back-off, patience --------------------------------------------------------------------------------------------


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


# Routes ---------------------------------------------------------------------------------------------------------------


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


# Parts ----------------------------------------------------------------------------------------------------------------


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


# Cooldown -------------------------------------------------------------------------------------------------------------


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


# Clocks ---------------------------------------------------------------------------------------------------------------


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


# Who takes over -------------------------------------------------------------------------------------------------------


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


# Text -----------------------------------------------------------------------------------------------------------------

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
