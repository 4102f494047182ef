"""Calls into components."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from deadline import joined, started, until

from instantreact_sdk import InstantReactError, PluginError
from instantreact_sdk.pipeline import AbandonedError, Board, Guard, Watch, Who


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    board = Board(tmp_path / "board")
    yield board
    board.close()


@pytest.fixture
def watch(board: Board) -> Iterator[Watch]:
    watch = Watch(board)
    watch.start()
    yield watch
    watch.stop()


class Told(list[InstantReactError]):
    """Errors that a guard told."""


def guarded(board: Board, told: Told, limit: float | None = None, permits: int = 1) -> Guard:
    return Guard(Who("people", "ssd 0.1"), board, threading.Semaphore(permits), limit, told.append)


def test_what_a_component_raises_becomes_one_error(board: Board) -> None:
    guard = guarded(board, Told())
    with pytest.raises(
        InstantReactError,
        match=r"IR4001: people failed in detect: ValueError: no\. \(test_guard\.py, line \d+\)\. Look into ssd 0\.1",
    ):
        guard.call("detect", lambda: (_ for _ in ()).throw(ValueError("no.\nmore")))
    with pytest.raises(InstantReactError, match="IR4001: people failed in open: SystemExit: 3"):
        guard.call("open", lambda: sys.exit(3))
    with pytest.raises(PluginError, match="IR4000: The camera is gone"):
        guard.call("open", lambda: (_ for _ in ()).throw(PluginError("The camera is gone.")))
    assert board.calls() == []


def test_a_plugin_cannot_end_its_thread_with_an_exception_that_others_let_through(board: Board) -> None:
    guard = guarded(board, Told())
    with pytest.raises(InstantReactError, match="IR4001: people failed in detect: KeyboardInterrupt"):
        guard.call("detect", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(InstantReactError, match="IR4001: people failed in detect: StopIteration"):
        guard.call("detect", iter(()).__next__)
    assert guard.call("detect", lambda: 5) == 5  # the permit came back each time


def test_a_call_beyond_its_limit_is_given_up_once_and_its_late_return_is_not_heard(board: Board, watch: Watch) -> None:
    told, late = Told(), []
    permits = threading.Semaphore(1)
    guard = Guard(Who("people", "ssd 0.1"), board, permits, 0.05, told.append)
    watch.guards.append(guard)
    gate = threading.Event()

    def work() -> None:
        try:
            guard.call("detect", gate.wait)
        except AbandonedError:
            late.append("abandoned")
        guard.done()

    thread = started(work)
    until(lambda: told)
    assert str(told[0]).startswith("IR4002: people did not return from detect within 0.05 s.")
    assert permits.acquire(timeout=20)  # others may work
    assert guard.abandoned
    guard.look(float("inf"))
    gate.set()
    joined(thread)
    assert late == ["abandoned"]
    assert len(told) == 1
    assert not permits.acquire(blocking=False)  # the late return gave no second permit
    until(lambda: guard not in watch.guards)


def test_calls_within_the_limit_are_left_alone(board: Board) -> None:
    told = Told()
    guard = guarded(board, told, limit=5.0)
    guard.call("detect", lambda: guard.look(0.0))
    guard.look(float("inf"))  # nothing is being called
    assert not told


def test_opening_may_take_longer_than_other_calls(board: Board) -> None:
    guard = guarded(board, Told())
    limits = {name: guard.call(name, lambda: guard.limit) for name in ("__init__", "open", "detect", "close")}
    assert limits == {"__init__": 120.0, "open": 120.0, "detect": 30.0, "close": 30.0}
    assert guarded(board, Told(), limit=7.0).limit == 7.0


def test_no_more_calls_run_at_once_than_there_are_permits(board: Board) -> None:
    permits, gate = threading.Semaphore(2), threading.Event()
    running: list[int] = []
    most: list[int] = []
    lock = threading.Lock()

    def work(guard: Guard) -> None:
        def call() -> None:
            with lock:
                running.append(1)
                most.append(len(running))
            gate.wait(20)
            with lock:
                running.pop()

        guard.call("detect", call)

    guards = [Guard(Who(str(n), "x"), board, permits, None, Told().append) for n in range(6)]
    threads = [started(lambda guard=guard: work(guard)) for guard in guards]
    until(lambda: len(most) == 2)
    free = guarded(board, Told())
    assert free.call("frames", lambda: "read", counted=False) == "read"  # reading needs none
    gate.set()
    joined(*threads)
    assert max(most) == 2


def test_the_watch_keeps_the_heart_beating(board: Board, watch: Watch) -> None:
    until(lambda: board.last_beat)
    first = board.last_beat
    until(lambda: board.last_beat > first)
