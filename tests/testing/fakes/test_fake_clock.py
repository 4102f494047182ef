"""Time that a test moves."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from instantreact_sdk import Clock
from instantreact_sdk.testing.fakes import FakeClock

START = datetime(2026, 11, 20, 3, tzinfo=UTC)


def test_it_stands_still_until_it_is_moved():
    clock = FakeClock(START)
    assert isinstance(clock, Clock)
    assert {clock.now() for _ in range(3)} == {START}
    assert {clock.monotonic() for _ in range(3)} == {0.0}
    clock.advance(90)
    clock.advance(0.5)
    assert (clock.now() - START, clock.monotonic()) == (timedelta(seconds=90.5), 90.5)


def test_it_begins_with_the_real_time():
    before = datetime.now(UTC)
    assert before <= FakeClock().now() <= datetime.now(UTC)


def test_setting_the_wall_clock_leaves_the_other_alone():
    clock = FakeClock(START)
    clock.advance(10)
    clock.set(datetime(2026, 11, 20, 3, 0, tzinfo=timezone(timedelta(hours=1))))
    assert (clock.now(), clock.monotonic()) == (START - timedelta(hours=1), 10.0)
    clock.advance(5)
    assert (clock.now(), clock.monotonic()) == (START - timedelta(hours=1) + timedelta(seconds=5), 15.0)


def test_it_runs_as_fast_as_it_is_told():
    begun = time.monotonic()
    clock = FakeClock(START, speed=60)
    time.sleep(0.02)  # there is nothing to wait for but time
    passed = clock.monotonic()
    assert 60 * 0.02 <= passed <= 60 * (time.monotonic() - begun)
    clock.advance(3600)
    assert clock.monotonic() >= passed + 3600


def test_it_never_runs_backwards():
    clock = FakeClock(START)
    with pytest.raises(ValueError, match="No clock runs backwards"):
        clock.advance(-1)
    assert clock.now() == START
