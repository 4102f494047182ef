"""The process that watches the one that works."""

from __future__ import annotations

import contextlib
import math
import os
import re
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import signal_name
from instantreact_sdk.pipeline.board import Board, Call
from instantreact_sdk.pipeline.guard import CALL_LIMIT

SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""What ends a run. The working process is started with these blocked, and unblocks them once it can answer them."""
ONE_SIGNAL = 0.3
"""Seconds within which a second signal is the first one again: a service manager may tell all processes, and the supervisor passes it on."""
INTERRUPTED = 130
"""The exit code of a run that a signal ended."""
HELD = 5.0
"""Seconds beyond a call's time limit after which the whole process counts as held by it."""
_LOOK = 0.25
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_CALM = 600.0  # after so many seconds without a crash, the pauses start anew
_CRASHES = 3  # of the same component, and it is not called again


class Supervisor:
    """Starts the working process, and finds out which component was being called when it dies or hangs.

    Args:
        worker: Gives the command line of the working process, from the folder that both share and the components that
            must not be called any more, with the reason.
        restart: Whether to start it again; otherwise its death is the end.
        told: Called with each error after which it is started again.
        passing: File descriptors that it inherits.
    """

    def __init__(
        self,
        worker: Callable[[Path, dict[str, InstantReactError], InstantReactError | None], Sequence[str]],
        *,
        restart: bool,
        told: Callable[[InstantReactError], None],
        passing: Sequence[int] = (),
    ) -> None:
        self._passing = tuple(passing)
        self._board: Board | None = None
        self._worker = worker
        self._restart = restart
        self._told = told
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False
        self._resting = False
        self._early: int | None = None

    def run(self) -> int:
        """Until the working process has ended in good order; signals that end a run are passed on to it.

        Returns:
            Its exit code.

        Raises:
            InstantReactError: IR4005, IR4006 or IR4010: it died, and is not started again.
        """
        old = {number: signal.signal(number, self._forward) for number in SIGNALS}
        try:
            return self.watch()
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)

    @property
    def alive(self) -> bool:
        """Whether the working process runs, and has shown it within the last seconds."""
        board = self._board
        return board is not None and time.monotonic() - board.last_beat < HELD

    @property
    def well(self) -> bool:
        """Whether it is `alive`, or about to be started again."""
        return self._resting or self.alive

    def stop(self) -> None:
        """Have the working process end, and start it no more. From any thread."""
        self._forward(signal.SIGTERM, None)

    def kill(self) -> None:
        """End it at once, where it does not end by itself."""
        self._stopping = True
        if self._process is not None:
            self._process.kill()

    def watch(self) -> int:
        """As `run`, but nothing is done about signals: for another thread than the main one."""
        crashes: Counter[str] = Counter()
        quarantined: dict[str, InstantReactError] = {}
        pause, last = _FIRST_PAUSE, None
        while True:
            began = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="instantreact-") as shared:
                code, last, called = self._once(Path(shared), quarantined, last)
            if last is None or (self._stopping and code == INTERRUPTED):  # told twice, it leaves at once
                return code
            if not self._restart or self._stopping:
                raise last
            if time.monotonic() - began > _CALM:
                pause = _FIRST_PAUSE
                crashes.clear()
            if (
                code != -signal.SIGKILL or last.code == "IR4006"
            ):  # who else kills it so is no component: the kernel, or a person
                crashes.update(called)
            if guilty := _guilty(crashes):
                quarantined[guilty] = last
                del crashes[guilty]
            self._told(last)
            if not self._rest(pause):
                return INTERRUPTED
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _rest(self, seconds: float) -> bool:
        """Wait before the next start; whether there is to be one."""
        until = time.monotonic() + seconds
        self._resting = True
        while not self._stopping and time.monotonic() < until:
            time.sleep(_LOOK)
        self._resting = False
        return not self._stopping

    def _once(
        self, shared: Path, quarantined: dict[str, InstantReactError], last: InstantReactError | None
    ) -> tuple[int, InstantReactError | None, tuple[str, ...]]:
        board = self._board = Board(shared / "board")
        lifeline, ours = os.pipe()  # closes by itself when this process dies, and then the other one stops
        command = [*self._worker(shared, quarantined, last), str(lifeline)]
        try:
            # The new process begins with signals blocked: they wait until it can answer them.
            signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
            try:
                self._process = subprocess.Popen(command, pass_fds=(lifeline, *self._passing), process_group=0)  # noqa: S603  (this very program)
            finally:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
                os.close(lifeline)
            if self._early is not None:
                self._process.send_signal(self._early)
            held = self._watch(self._process, board)
            code = self._process.wait()
            if board.finished:
                return code, None, ()
            return code, *_autopsy(code, held, board, shared / "crash.txt")
        finally:
            if self._process is not None:  # what plugins started does not outlive it; it leads a group of its own
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            os.close(ours)
            self._board = None
            board.close()

    def _watch(self, process: subprocess.Popen[bytes], board: Board) -> Call | None:
        """Wait for the end; kill the process where a call holds all of it. Returns that call."""
        while True:
            try:
                process.wait(_LOOK)
            except subprocess.TimeoutExpired:
                if call := _holder(board, time.monotonic()):
                    process.kill()
                    return call
            else:
                return None

    def _forward(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
        else:  # it may just be starting; what is blocked here reaches this method by way of another thread
            self._early = number


def _holder(board: Board, now: float) -> Call | None:
    """The call that keeps the whole process from running, if one does."""
    still = now - board.last_beat if board.last_beat else 0.0
    for call in board.calls() if still > HELD else ():
        # Waiting for a camera has no limit of its own; but nobody may keep the others from running for so long.
        endless = call.limit == math.inf
        if (still if endless else now - call.started) > (CALL_LIMIT if endless else call.limit) + HELD:
            return call
    return None


def _guilty(crashes: Counter[str]) -> str:
    """Who was being called in so many crashes, and in more of them than anybody else; empty where that is nobody."""
    (worst, count), *others = [*crashes.most_common(2), ("", 0)]
    return worst if count >= _CRASHES and count > others[0][1] else ""


def _suspects(calls: list[Call], crash: Path) -> list[Call]:
    """Those that the process may have died in: the one that Python saw, or else all but the waiting for cameras."""
    found = re.search(r"Current thread 0x([0-9a-f]+)", crash.read_text(errors="replace")) if crash.exists() else None
    seen = [call for call in calls if found and call.thread == int(found[1], 16)]
    return seen or [call for call in calls if call.limit < math.inf] or calls


def _autopsy(code: int, held: Call | None, board: Board, crash: Path) -> tuple[InstantReactError, tuple[str, ...]]:
    """What to tell of a death, and who was being called."""
    if held:
        limit = (CALL_LIMIT if held.limit == math.inf else held.limit) + HELD
        error = InstantReactError("IR4006", component=held.component, call=held.call, limit=limit, plugin=held.plugin)
        return error, (held.component,)
    death = f"exit status {code}" if code >= 0 else f"{signal_name(-code)} ({signal.strsignal(-code)})"
    calls = _suspects(board.calls(), crash)
    if not calls:
        return InstantReactError("IR4010", death=death), ()
    components = tuple(dict.fromkeys(call.component for call in calls))
    error = InstantReactError(
        "IR4005",
        component=" or ".join(components),
        call=" or ".join(dict.fromkeys(call.call for call in calls)),
        plugin=" or ".join(dict.fromkeys(call.plugin for call in calls)),
        death=death,
    )
    return error, components
