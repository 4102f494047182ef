"""Files that are read side by side keep together."""

from __future__ import annotations

import threading

import pytest
from deadline import joined, started, until
from hypothesis import given, settings
from hypothesis import strategies as st

from instantreact_sdk.pipeline import Pace


def test_a_stream_waits_for_a_slow_one() -> None:
    pace = Pace(ahead=10)
    pace.join("fast")
    pace.join("slow")
    read: list[float] = []

    def read_on() -> None:
        for time in range(30):
            pace.wait("fast", time)
            read.append(time)

    thread = started(read_on)
    until(lambda: read and read[-1] == 10)
    assert thread.is_alive()
    pace.reached("slow", 5)
    until(lambda: read[-1] == 15)
    pace.reached("slow", float("inf"))
    joined(thread)


def test_a_single_stream_never_waits() -> None:
    pace = Pace(ahead=1)
    pace.join("only")
    pace.wait("only", 1e9)


def test_closing_frees_whoever_waits() -> None:
    pace = Pace(ahead=1)
    pace.join("a")
    pace.join("b")
    thread = started(lambda: pace.wait("a", 100))
    pace.close()
    joined(thread)


@pytest.mark.parametrize("needed", [50, 100, 400])
def test_components_that_need_much_before_they_tell_anything_cannot_lock_each_other(needed: int) -> None:
    # Two recognizers take `needed` seconds at once, far more than the 60 s that a stream may be ahead.
    _run_streams({"a": needed, "b": needed + 7}, length=1000, ahead=60)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=2, max_size=4), st.integers(1, 20))
def test_it_never_locks_whatever_components_need(needs: list[int], ahead: int) -> None:
    _run_streams({str(number): need for number, need in enumerate(needs)}, length=100, ahead=ahead)


def _run_streams(needs: dict[str, int], *, length: int, ahead: float) -> None:
    """Each stream tells how far it is only after every `need` seconds, as a component does that fills a window."""
    pace = Pace(ahead)
    lock = threading.Lock()
    reached = dict.fromkeys(needs, 0.0)
    read = dict.fromkeys(needs, 0.0)
    too_far: list[tuple[str, float]] = []
    for name in needs:
        pace.join(name)

    def stream(name: str, need: int) -> None:
        for time in range(length):
            pace.wait(name, time)
            with lock:
                read[name] = time
                others = [other for other in needs if other != name]
                if time > max(min(reached[o] for o in others) + ahead, min(read[o] for o in others) + 1):
                    too_far.append((name, time))
                if time % need == need - 1:
                    reached[name] = time
            if time % need == need - 1:
                pace.reached(name, time)
        with lock:
            reached[name] = read[name] = float("inf")
        pace.reached(name, float("inf"))

    joined(*[started(lambda name=name, need=need: stream(name, need)) for name, need in needs.items()])
    assert not too_far
