"""The parts of the live reader that need no camera: clock, back-off, sight, health, address."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from instantreact_opencv.live_address import Address
from instantreact_opencv.live_backoff import Backoff
from instantreact_opencv.live_clock import StreamClock
from instantreact_opencv.live_health import LiveHealth
from instantreact_opencv.live_sight import Sight

from instantreact_sdk import Context, InstantReactError

seconds = st.floats(0, 1000, allow_nan=False)


@given(st.lists(st.tuples(st.one_of(st.none(), seconds), st.floats(0, 2)), min_size=1), st.integers(0, 5))
def test_times_grow_strictly_and_do_not_run_ahead(pictures, restart_every) -> None:
    clock, now, last = StreamClock(), 0.0, -1.0
    for count, (position, wait) in enumerate(pictures):
        if restart_every and count % restart_every == 0:
            clock.restart(now)
        now += wait
        time = clock.time(position, now)
        assert time > last
        assert time <= max(now, last + 0.0011) + 1e-9
        last = time


def test_a_burst_at_the_beginning_keeps_its_spacing() -> None:
    clock = StreamClock()
    clock.restart(10.0)
    # ten pictures taken from 10.0 on, ten a second, handed out together at 11.0
    times = [clock.time(position / 10 + 77, 11.0) for position in range(10)]
    assert times == pytest.approx([10.0 + position / 10 for position in range(10)])


def test_a_camera_whose_clock_runs_slow_is_followed() -> None:
    clock = StreamClock()
    clock.restart(0.0)
    for tick in range(10_000):  # 1000 s of ours are 999 s of the camera's
        now = tick / 10
        assert abs(clock.time(now * 0.999, now) - now) < 0.02


def test_waits_double_up_to_three_seconds_and_later_to_thirty() -> None:
    backoff = Backoff()
    for longest in (0.25, 0.5, 1.0, 2.0, 3.0, 3.0):
        assert longest / 2 <= backoff.wait(100.0) <= longest
    for _ in range(10):
        assert backoff.wait(699.0) <= 3.0
    assert 15.0 <= backoff.wait(701.0) <= 30.0
    backoff.connected_for(1.0)
    assert backoff.wait(702.0) >= 15.0, "a camera that falls at once is not back"
    backoff.connected_for(60.0)
    assert backoff.wait(800.0) <= 0.25


def test_a_dark_picture_is_black_after_a_while_and_a_light_one_ends_it() -> None:
    sight = Sight(black_after=2.0, frozen_after=5.0)
    sight.restart(0.0)
    dark, light = np.full((90, 120, 3), 9, np.uint8), np.full((90, 120, 3), 90, np.uint8)
    assert [sight.look(dark, float(time)) for time in range(4)] == [None, None, "black", "black"]
    assert [sight.look(light, float(time)) for time in range(4, 10)] == [None] * 5 + ["frozen"]
    assert sight.look(light + np.uint8(1), 10.0) is None


def test_the_sight_takes_pictures_of_any_size() -> None:
    for height, width in ((1, 1), (3, 500), (1081, 1921)):
        sight = Sight(black_after=1.0, frozen_after=0)
        sight.restart(0.0)
        assert sight.look(np.zeros((height, width, 3), np.uint8), 1.0) == "black"


def test_each_change_of_health_is_told_once() -> None:
    told = []
    health = LiveHealth(Context(health=lambda kind, detail: told.append(kind)), "rtsp://gate/cam")
    refused, ended = (InstantReactError(code, url="x", host="x", port=1, limit=1) for code in ("IR3022", "IR3032"))
    health.seen(None)
    for problem in (ended, refused, refused):
        health.lost(problem)
    assert health.problem is refused
    for trouble in (None, None, "black", "black", "frozen", None):
        health.seen(trouble)
    health.lost(ended)
    assert told == ["offline", "online", "black", "frozen", "online", "offline"]
    assert health.problem is ended


def test_an_address_is_taken_apart() -> None:
    address = Address.parse("rtsps://anna:p%40ss@[::1]/cam?channel=1")
    assert (address.host, address.port, address.path) == ("::1", 322, "/cam?channel=1")
    assert (address.user, address.password, address.encrypted) == ("anna", "p@ss", True)
    assert address.bare == "rtsps://[::1]:322/cam?channel=1"
    assert "p@ss" not in repr(address)
