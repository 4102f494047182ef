"""Examines new plugins, each in a process of its own that is killed when it takes too long."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry.outcome import outcome, unreadable
from instantreact_sdk.registry.record import Record
from instantreact_sdk.registry.scan import Entry

_POLL = 0.01


def probe_seconds() -> float:
    """How long one probe may take: ``INSTANTREACT_PROBE_SECONDS``, or 30, which is enough for PyTorch from a cold disk.

    Raises:
        InstantReactError: IR2022, the variable is no number above 0.
    """
    value = os.environ.get("INSTANTREACT_PROBE_SECONDS", "30")
    with suppress(ValueError):
        if (seconds := float(value)) > 0:
            return seconds
    raise InstantReactError("IR2022", value=value)


def probe(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Record]]:
    """Examine plugins, several at a time, and give each one's record as soon as it is there."""
    limit = probe_seconds()
    waiting = deque(entries)
    running: list[_Probe] = []
    try:
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                running.append(_Probe(waiting.popleft(), limit))
            ended = [one for one in running if one.has_ended()]
            running = [one for one in running if one not in ended]
            for one in ended:
                yield one.entry, one.record()
            if not ended:
                time.sleep(_POLL)
    finally:
        for one in running:
            one.discard()


class _Probe:
    """One process that examines one plugin. Its output goes to files, which no grandchild can hold open against us."""

    def __init__(self, entry: Entry, limit: float) -> None:
        self.entry = entry
        self._limit = limit
        self._start = time.monotonic()
        self._late = False
        self._folder = TemporaryDirectory(prefix="instantreact-probe-")
        self._out = Path(self._folder.name, "out")
        self._printed = Path(self._folder.name, "printed")
        module = "instantreact_sdk.registry.examining"
        path = os.pathsep.join(str(Path(folder).absolute()) for folder in sys.path)
        with self._printed.open("wb") as printed:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                [sys.executable, "-P", "-m", module, entry.target, entry.plugin, entry.title, str(self._out)],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.DEVNULL,
                cwd=self._folder.name,
                env={"PYDANTIC_DISABLE_PLUGINS": "__all__", **os.environ, "PYTHONPATH": path},  # see cli/__init__.py
                start_new_session=True,
            )

    def has_ended(self) -> bool:
        """Whether the record is there; ends the process where its time is up."""
        ended = self._process.poll() is not None
        self._late = not ended and time.monotonic() - self._start > self._limit
        if ended or self._late:
            self.kill()
        return ended or self._late

    def kill(self) -> None:
        """End the process, and whatever it started and left running."""
        with suppress(ProcessLookupError, PermissionError):  # most leave nothing
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def discard(self) -> None:
        """End it, and leave nothing behind."""
        self.kill()
        self._folder.cleanup()

    def record(self) -> Record:
        """What came of it."""
        with self._folder:
            text = self._out.read_text(encoding="utf-8", errors="replace") if self._out.exists() else ""
            printed = self._printed.read_text(encoding="utf-8", errors="replace")
        try:
            steps = [json.loads(line) for line in text.split("\n")[:-1]]  # a death may cut the last line off
            return outcome(self.entry, steps, self._death(), printed)
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            return unreadable(self.entry)

    def _death(self) -> tuple[str, str]:
        code = self._process.returncode
        if self._late:
            longer = f"INSTANTREACT_PROBE_SECONDS={self._limit * 10:g} instantreact-sdk plugins doctor"
            return f"did not end within {self._limit:g} s", f"If the machine is only slow, run `{longer}`."
        if code >= 0:
            return f"ended the process (exit code {code})", ""
        name = next((known.name for known in signal.Signals if known == -code), f"signal {-code}")
        return f"killed the process ({name})", ""
