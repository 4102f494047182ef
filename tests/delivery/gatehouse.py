"""``run`` as a user starts it, in processes of its own, before a gate where somebody rings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from deadline import until
from gatehouse_parts import PARTS

from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.alerts.store import Store

PROGRAM = str(Path(sys.executable).with_name("instantreact-sdk"))
PATIENCE = 60.0
"""Seconds within which what is waited for has to come about; only a test that fails waits so long."""


def porter(**more: Any) -> dict[str, Any]:
    """A notifier of `gatehouse_parts`; ``time_limit`` is the notifier's, the rest are its options."""
    limit = {"time_limit": more.pop("time_limit")} if "time_limit" in more else {}
    return {"use": f"{PARTS}:Porter", "options": more, **limit}


def gate(**sections: Any) -> dict[str, Any]:
    """A pipeline file: who rings at the gate is told to anna by the porter at once, and one more ring is one more alert."""
    ring = {"when": {"label": "ring"}, "cooldown": "0s", "notify": ["anna"]}
    return {
        "sources": {"gate": {"use": f"{PARTS}:Gate"}},
        "detectors": {"bell": {"use": f"{PARTS}:Bell"}},
        "rules": {"ring": ring | sections.pop("ring", {}), **sections.pop("rules", {})},
        "notifiers": {"porter": porter(), **sections.pop("notifiers", {})},
        "people": {"anna": [{"porter": "1"}], **sections.pop("people", {})},
        **sections,
    }


class Gatehouse:
    """A folder with a pipeline file, and what goes on there.

    Args:
        folder: An empty one.
        sections: The pipeline file.
        environment: More variables for the processes.
    """

    def __init__(self, folder: Path, sections: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.file = folder / "gate.yaml"
        self.file.write_text(json.dumps(sections))
        self.store = str(sections.get("store", f"sqlite:///{folder / 'instantreact.db'}"))
        self.environment = {**os.environ, **(environment or {}), "NO_COLOR": "1", "COLUMNS": "300"}
        self._log = folder / "stderr.txt"
        self._process: subprocess.Popen[bytes] | None = None
        self._children: set[int] = set()

    # The run -------------------------------------------------------------------------------------------------------

    def start(self, *more: str) -> None:
        """Start it, and wait until both processes work."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, *more, "run", "gate.yaml"],
                cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        until(lambda: self.pid("worker") and self.pid("deliverer"), PATIENCE)

    @property
    def supervisor(self) -> int:
        """Its process id."""
        assert self._process
        return self._process.pid

    def pid(self, what: str) -> int:
        """Process id of the ``worker`` or the ``deliverer``; 0 where there is none."""
        assert self._process
        assert self._process.poll() is None, self.log
        for child in children(self._process.pid):
            if f"instantreact_sdk.cli.{what}" in command_line(child):
                self._children.add(child)
                return child
        return 0

    def another(self, what: str, than: int) -> int:
        """Wait for a process in the place of one that died."""
        until(lambda: self.pid(what) not in (0, than), PATIENCE)
        return self.pid(what)

    def interrupt(self) -> int:
        """Ctrl-C, until it has ended; the exit code."""
        assert self._process
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(PATIENCE)

    def kill(self) -> None:
        """Kill the supervisor alone."""
        assert self._process
        self._process.kill()
        self._process.wait(PATIENCE)

    def kill_all(self) -> None:
        """As a power cut would."""
        pids = children(self.supervisor)
        self.kill()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        until(lambda: not any(map(lives, pids)), PATIENCE)

    def clear(self) -> None:
        """End whatever is left."""
        if self._process and self._process.poll() is None:
            self._children |= {*children(self._process.pid)}
            self._process.kill()
            self._process.wait()
        for child in self._children:
            if "instantreact_sdk.cli." in command_line(child):
                os.kill(child, signal.SIGCONT)
                os.kill(child, signal.SIGKILL)

    # What goes on --------------------------------------------------------------------------------------------------

    def ring(self, times: int = 1) -> None:
        """Somebody rings."""
        with (self.folder / "bell").open("a") as bell:
            bell.write("ring\n" * times)

    def mood(self, who: str, mood: str = "") -> None:
        """How a porter behaves from now on, or the bell."""
        new = self.folder / f"{who}.new"
        new.write_text(mood)
        new.replace(self.folder / f"{who}.mood")

    @property
    def log(self) -> str:
        """What the run wrote to standard output and error."""
        return self._log.read_text(errors="replace")

    def said(self, text: str, times: int = 1) -> None:
        """Wait until it has said something."""
        until(lambda: self.log.count(text) >= times, PATIENCE)

    def asked(self, who: str = "porter") -> list[dict[str, Any]]:
        """What a porter was asked to tell, in order."""
        return lines(self.folder / f"{who}.told")

    def told(self, who: str = "porter") -> Counter[str]:
        """How often it told of each event, by the moment of the event."""
        return Counter(ring for one in self.asked(who) if one["mood"] in ("", "prints") for ring in one["rings"])

    def rows(self, rule: str | None = "ring") -> list[StoredDelivery]:
        """What is in the outbox, the first one first."""
        with Store.open(self.store) as store:
            found = Ledger(store.engine).deliveries(limit=None)[::-1]
        return [row for row in found if rule in (None, row.rule)]

    def wait_told(self, events: int, who: str = "porter") -> None:
        """Wait until so many events were told."""
        until(lambda: len(self.told(who)) >= events, PATIENCE)

    def wait_rows(self, *statuses: str, rule: str = "ring") -> list[StoredDelivery]:
        """Wait until these are the statuses of the outbox's deliveries, in order."""
        until(lambda: tuple(row.status for row in self.rows(rule)) == statuses, PATIENCE)
        return self.rows(rule)

    def cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command, in the same folder."""
        return subprocess.run(
            [PROGRAM, *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip


@contextmanager
def standing(folder: Path, sections: Mapping[str, Any], **environment: str) -> Iterator[Gatehouse]:
    """A gatehouse that leaves nothing behind; its run has to be started."""
    house = Gatehouse(folder, sections, environment)
    try:
        yield house
    finally:
        house.clear()


@contextmanager
def running(folder: Path, sections: Mapping[str, Any], **environment: str) -> Iterator[Gatehouse]:
    """The same, with its run started."""
    with standing(folder, sections, **environment) as house:
        house.start()
        yield house


def lines(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a file that has an object in each; none where it is not there yet."""
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def children(pid: int) -> list[int]:
    """Process ids; each of its threads has its own."""
    found = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # it is gone
            found += map(int, thread.read_text().split())
    return found


def command_line(pid: int) -> str:
    """Arguments of a process; nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def lives(pid: int) -> bool:
    """Whether a process is there, and no corpse."""
    return bool(command_line(pid))


def pause(seconds: float) -> None:
    """Wait for what must not happen."""
    time.sleep(seconds)
