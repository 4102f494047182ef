from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk.alerts.coalescing import Coalescer, Message, WallTime, media_time, text_of
from instantreact_sdk.types import Event


def event(start: float, end: float | None = None) -> Event:
    return Event("intruder", "lobby", start, start if end is None else end, (), {})


def test_the_first_event_is_due_at_once():
    lobby = Coalescer(60.0)
    assert lobby.event(event(10.0)) == 1
    assert lobby.due(10.0) == Message(1, (event(10.0),))


def test_events_in_the_cooldown_are_told_together_at_its_end_and_the_cooldown_starts_again():
    lobby = Coalescer(60.0)
    lobby.event(event(10.0))
    lobby.due(10.0)
    lobby.delivered(12.0)
    assert [lobby.event(event(time)) for time in (20.0, 30.0)] == [2, 2]
    assert lobby.next == 72.0
    assert lobby.due(71.9) is None
    assert lobby.due(72.0) == Message(2, (event(20.0), event(30.0)), told=event(10.0))
    lobby.delivered(73.0)
    lobby.event(event(74.0))
    assert lobby.next == 133.0


def test_an_event_after_the_cooldown_is_due_at_once():
    lobby = Coalescer(60.0)
    lobby.event(event(10.0))
    lobby.due(10.0)
    lobby.delivered(10.0)
    lobby.event(event(70.0))
    assert lobby.due(70.0) == Message(2, (event(70.0),), told=event(10.0))


def test_a_failed_delivery_starts_no_cooldown_and_later_events_merge_into_it():
    lobby = Coalescer(60.0)
    lobby.event(event(10.0))
    lobby.due(10.0)
    lobby.failed(untouched=True)
    assert lobby.event(event(20.0)) == 1
    assert lobby.due(20.0) == Message(1, (event(10.0), event(20.0)))


def test_events_go_into_the_next_message_while_one_is_being_sent():
    lobby = Coalescer(60.0)
    lobby.event(event(10.0))
    lobby.due(10.0)
    assert lobby.event(event(11.0)) == 2
    assert lobby.next == float("inf")
    assert lobby.due(11.0) is None
    lobby.failed(untouched=True)
    assert lobby.event(event(12.0)) == 2
    assert lobby.due(12.0) == Message(1, (event(10.0),))
    lobby.delivered(13.0)
    assert lobby.due(73.0) == Message(2, (event(11.0), event(12.0)), told=event(10.0))


def test_a_message_that_may_have_arrived_in_part_does_not_grow():
    lobby = Coalescer(60.0)
    lobby.event(event(10.0))
    lobby.due(10.0)
    lobby.failed(untouched=False)
    assert lobby.event(event(20.0)) == 2
    assert lobby.due(20.0) == Message(1, (event(10.0),))


def test_a_message_that_is_given_up_starts_no_cooldown():
    lobby = Coalescer(60.0)
    lobby.event(event(10.0))
    lobby.due(10.0)
    lobby.event(event(11.0))
    lobby.gave_up()
    assert lobby.due(11.0) == Message(2, (event(11.0),), told=None)


def test_an_outcome_without_a_message_is_a_mistake():
    lobby = Coalescer(60.0)
    with pytest.raises(RuntimeError, match="no message"):
        lobby.delivered(0.0)


class Naive:
    """Keeps every event with the number of its message, and derives everything from these."""

    def __init__(self, cooldown):
        self.cooldown, self.all, self.handed, self.sending, self.fixed = cooldown, [], 0, False, False
        self.finished, self.delivered_at, self.told = 0, None, None

    def event(self, one):
        open_ = self.handed > self.finished and not self.sending and not self.fixed
        waiting = any(number > self.handed for number, _ in self.all)
        number = self.handed if open_ and not waiting else self.handed + 1
        self.all.append((number, one))
        return number

    def due(self, now):
        if self.sending:
            return None
        if self.handed == self.finished:
            quiet = self.delivered_at is not None and now < self.delivered_at + self.cooldown
            if quiet or not any(number > self.handed for number, _ in self.all):
                return None
            self.handed, self.fixed = self.handed + 1, False
        self.sending = True
        return self.handed, [one for number, one in self.all if number == self.handed], self.told

    def outcome(self, what, now):
        self.sending = False
        if what == "delivered":
            self.told = [one for number, one in self.all if number == self.handed][-1]
            self.delivered_at = now
        if what in ("delivered", "gave_up"):
            self.finished = self.handed
        if what == "in part":
            self.fixed = True


@given(
    st.sampled_from([0.0, 2.0, 5.0]),
    st.lists(
        st.sampled_from(["event", "event", "due", "delivered", "failed", "in part", "gave_up", "wait"]), max_size=60
    ),
)
def test_every_event_goes_into_the_message_that_the_naive_coalescer_puts_it_into(cooldown, steps):
    lobby, naive, now = Coalescer(cooldown), Naive(cooldown), 0.0
    for step in steps:
        if step == "event":
            assert lobby.event(event(now)) == naive.event(event(now))
        elif step == "due":
            soon = lobby.next <= now
            message, expected = lobby.due(now), naive.due(now)
            assert soon == (message is not None)
            assert expected == (message and (message.number, list(message.events), message.told))
        elif step == "wait":
            now += 1.0
        elif naive.sending:
            naive.outcome(step, now)
            if step == "delivered":
                lobby.delivered(now)
            elif step == "gave_up":
                lobby.gave_up()
            else:
                lobby.failed(untouched=step == "failed")


@given(st.lists(st.integers(0, 40)), st.sampled_from([0, 1, 4]))
def test_with_deliveries_that_succeed_every_event_is_told_once_and_messages_keep_their_distance(moments, cooldown):
    lobby, told, sent = Coalescer(cooldown), [], []
    for now in range(60):
        for _ in range(moments.count(now)):
            lobby.event(event(now))
        if message := lobby.due(now):
            told += message.events
            sent.append(now)
            lobby.delivered(now)
    assert [one.end for one in told] == sorted(moments)
    assert all(later - sooner >= cooldown for sooner, later in pairwise(sent))


def test_one_event_is_told_with_its_times():
    assert text_of(Message(1, (event(12.0, 14.2),)), media_time) == "intruder at lobby, 0:12 to 0:14"
    assert text_of(Message(1, (event(12.0),)), media_time) == "intruder at lobby, 0:12"


def test_merged_events_are_told_with_their_number():
    seen = (event(12.0, 14.0), event(20.0, 21.0), event(40.0, 41.0))
    assert text_of(Message(1, seen), media_time) == "intruder at lobby, 0:12 to 0:14, 2 more until 0:41"
    assert (
        text_of(Message(2, seen[1:], told=seen[0]), media_time)
        == "intruder at lobby, 2 more since 0:14, the last 0:40 to 0:41"
    )
    assert (
        text_of(Message(2, seen[1:2], told=seen[0]), media_time) == "intruder at lobby, 1 more since 0:14, 0:20 to 0:21"
    )


def test_media_times_have_hours_from_an_hour_on():
    assert [media_time(seconds) for seconds in (0.0, 59.9, 60.0, 3599.0, 3600.0, 36_061.0)] == [
        "0:00", "0:59", "1:00", "59:59", "1:00:00", "10:01:01",
    ]  # fmt: skip


def test_live_sources_are_told_in_the_readers_time_with_the_date_on_other_days():
    zone = ZoneInfo("Africa/Douala")  # one hour ahead of UTC, all year
    moment = WallTime(datetime(2026, 3, 1, 22, 0, tzinfo=UTC), datetime(2026, 3, 2, 9, 0, tzinfo=zone))
    assert moment(7200.0) == "01:00:00"
    assert moment(60.0) == "2026-03-01 23:01:00"


def test_the_night_of_the_change_of_clocks_has_no_wrong_hour():
    zone = ZoneInfo("Europe/Berlin")  # 2026-03-29: 02:00 becomes 03:00
    opened = datetime(2026, 3, 29, 1, 30, tzinfo=zone)
    assert WallTime(opened, opened)(3600.0) == "03:30:00"
