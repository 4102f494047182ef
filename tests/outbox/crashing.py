"""The processes of the crash test: one raises alerts, one delivers them; each may be killed at any instruction, and is started again."""

from __future__ import annotations

import multiprocessing
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from instantreact_sdk import Event
from instantreact_sdk.alerts.intake import Addressee, Intake
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.stored import StoredEvent
from instantreact_sdk.config import load
from instantreact_sdk.pipeline.board import Board
from instantreact_sdk.registry import discover
from instantreact_sdk.runner.line import Line
from instantreact_sdk.runner.places import utc
from instantreact_sdk.runner.post_office import PostOffice
from instantreact_sdk.testing.fakes import FakeClock

ALERTS = 10_000
PEOPLE = tuple(f"70000000000000{number:02}" for number in range(1, 6))
FOR_TWO = 20
"""One in so many alerts is for two people."""
SPEED = 3600.0
"""An hour in each second, so that what the Page is closed for is waited for."""
ZERO = datetime(2026, 3, 1, 12, tzinfo=UTC)
IMPORTED = [
    "instantreact_messenger.notifier",
    "instantreact_sdk.alerts.store",
    "instantreact_sdk.runner.post_office",
    "instantreact_sdk.testing.fakes",
    "psycopg",
]
"""Before a process begins, so that it begins at once."""


@dataclass(frozen=True)
class Yard:
    """What the processes share.

    Attributes:
        url: The store.
        run: The run's id.
        folder: Of the pipeline file, and of the numbers of the alerts whose raising returned.
        began: When the test did, on the machine's monotonic clock.
    """

    url: str
    run: str
    folder: Path
    began: float

    def clock(self) -> FakeClock:
        """The same time in every process."""
        return FakeClock(ZERO + timedelta(seconds=SPEED * (time.monotonic() - self.began)), SPEED)

    def raised(self) -> int:
        """How many alerts were raised for sure: those from 0 to below this."""
        with suppress(FileNotFoundError):
            return (self.folder / "raised").stat().st_size
        return 0


def whom(number: int) -> list[str]:
    """The addresses of those who are told of an alert."""
    return [PEOPLE[(number + other) % len(PEOPLE)] for other in range(1 + (number % FOR_TWO == 0))]


def raise_alerts(yard: Yard, end: socket.socket) -> None:
    """Raise what was not raised for sure, one after the other; a byte is written down after each."""
    line = Line(end)
    with Store.open(yard.url) as store, (yard.folder / "raised").open("ab", buffering=0) as raised:
        intake = Intake(store.engine, utc(yard.clock()))
        for number in range(yard.raised(), ALERTS):
            moment = ZERO + timedelta(seconds=number)
            event = Event("intruder", f"cam{number}", float(number), float(number), (), {}, moment)
            # So long that nothing is given up but for a cause that stays.
            who = [Addressee(psid, (("messenger", psid),), expire=1e9) for psid in whom(number)]
            intake.event(yard.run, StoredEvent(event), who)
            raised.write(b".")
            line.poke()


def deliver(yard: Yard, end: socket.socket) -> None:
    """Deliver for ever, as the process of `run` does that delivers."""
    office = PostOffice(
        load(yard.folder / "pipeline.yaml"),
        discover(),
        board=Board(yard.folder / "board"),
        quarantined={},
        holder="the test",
        store=yard.url,
        told=lambda health: None,
        ended=lambda delivery: None,
        line=Line(end),
        clock=yard.clock(),
    )
    with office:
        while True:
            office.step()


class Victim:
    """A process that is killed now and then, and started again.

    Args:
        work: What it does.
        yard: For whom.
        end: Of the line between the two.
        pace: Gives a number that grows with its work.
        kills: At which numbers it is killed, in order.
    """

    _context = multiprocessing.get_context("forkserver")
    _context.set_forkserver_preload(IMPORTED)

    def __init__(
        self,
        work: Callable[[Yard, socket.socket], None],
        yard: Yard,
        end: socket.socket,
        pace: Callable[[], int],
        kills: list[int],
    ) -> None:
        self._given = work, (yard, end)
        self._pace = pace
        self._kills = kills
        self.killed = 0
        self._start()

    def look(self) -> bool:
        """Kill it if it is time to; whether it runs, or is to run, still."""
        if not self._process.is_alive():
            assert self._process.exitcode == 0, f"{self._given[0].__name__} failed by itself"
            assert not self._kills, f"{self._given[0].__name__} was to be killed {len(self._kills)} times more"
            return False
        if self._kills and self._pace() >= self._kills[0]:
            del self._kills[0]
            self.end()
            self.killed += 1
            self._start()
        return True

    def end(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.join()

    def _start(self) -> None:
        work, given = self._given
        self._process = self._context.Process(target=work, args=given, daemon=True)
        self._process.start()
