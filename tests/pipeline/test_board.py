"""Who is being called, where another process can read it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

from instantreact_sdk.pipeline import Board

WORKER = """
import os, sys
from pathlib import Path
from instantreact_sdk.pipeline.board import CALLS, Board

board = Board(Path(sys.argv[1]))
board.beat()
slots = [board.slot(), board.slot()]
people = board.register("people", "instantreact-ssd 0.1")
words = board.register("Wörter", "instantreact-wit 0.2")
board.enter(slots[0], people, CALLS.index("detect"), 30.0)
board.enter(slots[1], words, CALLS.index("recognize"), 5.0)
board.leave(slots[0])
board.enter(slots[0], people, CALLS.index("close"), 2.5)
if "well" in sys.argv:
    board.finish()
os._exit(7)
"""


def died(path: Path, *arguments: str) -> None:
    done = subprocess.run([sys.executable, "-c", WORKER, str(path), *arguments], timeout=60, check=False)
    assert done.returncode == 7


def test_another_process_reads_who_was_called_when_this_one_died(tmp_path: Path) -> None:
    board = Board(tmp_path / "board")
    assert board.calls() == []
    assert board.last_beat == 0.0
    before = time.monotonic()
    died(tmp_path / "board")
    words, people = board.calls()  # the oldest first
    assert (words.component, words.plugin, words.call, words.limit) == (
        "Wörter", "instantreact-wit 0.2", "recognize", 5.0,
    )  # fmt: skip
    assert (people.component, people.plugin, people.call, people.limit) == (
        "people", "instantreact-ssd 0.1", "close", 2.5,
    )  # fmt: skip
    # The clock is the machine's, so that times of both processes can be compared.
    assert before < board.last_beat < words.started < people.started < time.monotonic()
    assert not board.finished
    board.close()


def test_a_process_tells_that_it_ended_well(tmp_path: Path) -> None:
    died(tmp_path / "board", "well")
    board = Board(tmp_path / "board")
    assert board.finished
    board.close()


def test_a_slot_that_is_given_back_is_empty_and_used_again(tmp_path: Path) -> None:
    board = Board(tmp_path / "board")
    number = board.register("people", "ssd")
    assert board.register("people", "ssd") == number
    assert board.register("people", "other") != number
    first = board.slot()
    board.enter(first, number, 0, 1.0)
    assert [call.thread for call in board.calls()] == [threading.get_ident()]
    board.give_back(first)
    assert board.calls() == []
    assert board.slot() == first
    board.close()


def test_there_are_slots_for_hundreds_of_cameras(tmp_path: Path) -> None:
    board = Board(tmp_path / "board")
    assert len({board.slot() for _ in range(3000)}) == 3000
    board.close()


def test_a_call_that_returns_after_the_run_is_over_harms_nothing(tmp_path: Path) -> None:
    board = Board(tmp_path / "board")
    slot = board.slot()
    board.close()
    board.leave(slot)
    board.enter(slot, 0, 0, 1.0)
    board.give_back(slot)
