"""The queue in front of a worker."""

from __future__ import annotations

import random

import pytest
from deadline import joined, started, until
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk.pipeline import Inbox


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=60), st.integers(1, 5))
def test_a_live_line_drops_its_oldest_and_counts_them(steps: list[tuple[str, bool]], room: int) -> None:
    inbox: Inbox[int] = Inbox(room)
    lines: dict[str, list[int]] = {}
    lost: dict[str, int] = {}
    for number, (source, takes) in enumerate(steps):
        if takes and any(lines.values()):
            found = inbox.take_now()
            assert found is not None
            assert lines[found[0]].pop(0) == found[1]
        else:
            inbox.put(source, number, lossless=False)
            line = lines.setdefault(source, [])
            line.append(number)
            if len(line) > room:
                line.pop(0)
                lost[source] = lost.get(source, 0) + 1
    assert inbox.dropped == lost


@pytest.mark.parametrize("room", [1, 4])
def test_a_files_line_loses_nothing_and_keeps_its_order(room: int) -> None:
    inbox: Inbox[int] = Inbox(room)
    chance = random.Random(room)
    taken: dict[str, list[int]] = {"a": [], "b": [], "c": []}

    def bring(source: str) -> None:
        for number in range(200):
            inbox.put(source, number, lossless=True)

    def take() -> None:
        while (found := inbox.take()) is not None:
            taken[found[0]].append(found[1])
            if chance.random() < 0.05:
                until(lambda: chance.random() < 0.5)

    taker = started(take)
    joined(*[started(lambda source=source: bring(source)) for source in taken])
    until(lambda: all(len(line) == 200 for line in taken.values()))
    inbox.close()
    joined(taker)
    assert all(line == list(range(200)) for line in taken.values())
    assert inbox.dropped == {}


def test_whoever_fills_a_line_waits_for_room() -> None:
    inbox: Inbox[int] = Inbox(2)
    done: list[int] = []

    def bring() -> None:
        for number in range(4):
            inbox.put("a", number, lossless=True)
            done.append(number)

    thread = started(bring)
    until(lambda: len(done) == 2)
    assert thread.is_alive()
    assert inbox.take() == ("a", 0)
    until(lambda: len(done) == 3)
    inbox.close()
    joined(thread)


def test_lines_are_served_in_turn() -> None:
    inbox: Inbox[int] = Inbox(10)
    for number in range(4):
        inbox.put("busy", number, lossless=True)
    inbox.put("calm", 9, lossless=True)
    found = [inbox.take_now() for _ in range(6)]
    assert found == [("busy", 0), ("calm", 9), ("busy", 1), ("busy", 2), ("busy", 3), None]


def test_the_last_item_of_a_source_finds_room_in_a_full_line() -> None:
    inbox: Inbox[int | None] = Inbox(1)
    inbox.put("a", 1, lossless=True)
    inbox.put_last("a", None)
    assert [inbox.take_now(), inbox.take_now(), inbox.take_now()] == [("a", 1), ("a", None), None]


def test_closing_frees_everybody_and_drops_what_is_left() -> None:
    full: Inbox[int] = Inbox(1)
    empty: Inbox[int] = Inbox(1)
    full.put("a", 0, lossless=True)
    takes: list[object] = []
    threads = [started(lambda: full.put("a", 1, lossless=True)), started(lambda: takes.append(empty.take()))]
    full.close()
    empty.close()
    joined(*threads)
    assert takes == [None]
    full.put("a", 2, lossless=True)
    full.put_last("a", 3)
    assert full.take() is None
    assert full.take_now() is None
