"""The process that makes checks, seen from outside: it is asked, listened to, and ended.

What it says is believed only as far as it makes sense: a component shares the process, and may write where it should not.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.testing.conformance.calls import STRAY, Calls, Ended, Limits, read_fact
from instantreact_sdk.testing.conformance.environment import environment
from instantreact_sdk.testing.conformance.last_words import place_in
from instantreact_sdk.testing.conformance.target import Target
from instantreact_sdk.testing.sandbox import Sandboxed

_MODULE = "instantreact_sdk.testing.conformance.inside"
_LATE = "it did not end in time"
_LONGEST = 1 << 20
"""Bytes of one line that the process tells. No check has as much to say."""
_PATIENCE = 5.0
"""Seconds in which a process that tells nothing any more has to end."""


class Inside:
    """The process inside, seen from outside."""

    def __init__(self, target: Target, folder: Path, limits: Limits) -> None:
        self._stack = ExitStack()
        asked, self._ask = os.pipe()
        self._told, told = os.pipe()
        self._dump, dump = os.pipe()
        for descriptor in (self._ask, self._told, self._dump):
            self._stack.callback(os.close, descriptor)
        self._use = target.use
        self._rest = b""
        self._limits = limits
        self._calls = Calls(limits)
        temporary = folder / "tmp"
        temporary.mkdir()
        try:
            sandbox = Sandboxed(
                _MODULE,
                [str(asked), str(told), str(dump), target.to_json(), str(folder)],
                writable=folder,
                seen_in=temporary,  # all other places are read-only, and libraries look for one when they are imported
                env=environment(temporary),
                cwd=Path.cwd(),
                stdin=subprocess.DEVNULL,  # what somebody types is not for it
                stdout=subprocess.DEVNULL,  # what it prints is for no one, and could fill the disk
                stderr=subprocess.DEVNULL,
                pass_fds=(asked, told, dump),
            )
            self.sandbox = self._stack.enter_context(sandbox)
        finally:
            for descriptor in (asked, told, dump):
                os.close(descriptor)
        self._home = ""
        try:
            self.ready = self._begin()
        except BaseException:
            self.close()
            raise
        self._home = self.ready["home"]

    def _begin(self) -> Mapping[str, Any]:
        try:
            facts = self._facts(time.monotonic() + self._limits.open)
        except Ended as ended:
            raise InstantReactError("IR2042", component=self._use, cause=str(ended)) from ended
        match facts:
            case {"error": [code, given]}:
                raise InstantReactError(code, **given)
            case {"fault": cause}:
                raise InstantReactError("IR2042", component=self._use, cause=cause)
            case {"ready": {"id": _, "kind": _, "plugin": _, "needs": _, "home": str()} as ready}:
                return dict(ready)
        raise InstantReactError("IR2042", component=self._use, cause=STRAY)

    def ask(self, name: str) -> Mapping[str, Any]:
        """Have one check made.

        Raises:
            Ended: The process did not survive it.
        """
        self._calls.clear()
        try:
            os.write(self._ask, f"{name}\n".encode())
        except BrokenPipeError:
            raise Ended(self._death()) from None
        deadline = time.monotonic() + self._limits.check
        while True:
            match facts := self._facts(deadline):
                case {"calling": str(what), "by": int(thread)}:
                    self._calls.note(what, thread)
                    if time.monotonic() > deadline:  # calls without end
                        raise Ended(self._late())
                case {"status": "passed" | "failed" | "skipped", "message": str(), "seconds": float() | int()}:
                    return facts
                case _:
                    raise Ended(STRAY)

    def close(self) -> None:
        """End it."""
        self._stack.close()

    def _facts(self, deadline: float) -> Mapping[str, Any]:
        """The next line that the process writes."""
        while b"\n" not in self._rest:
            if len(self._rest) > _LONGEST:
                raise Ended(STRAY)
            end = min(self._calls.end(), deadline)
            ready, _, _ = select.select([self._told], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise Ended(self._late())
            data = os.read(self._told, 65536)
            if not data:
                raise Ended(self._death())
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return read_fact(line)

    def _late(self) -> str:
        with suppress(ProcessLookupError):
            self.sandbox.process.send_signal(signal.SIGUSR1)  # it writes where it is
        return f"{self._calls.overdue() or _LATE}{place_in(self._dump, self._is_its_own, patience=1.0)}"

    def _is_its_own(self, file: Path) -> bool:
        return bool(self._home) and file.is_relative_to(self._home)

    def _death(self) -> str:
        try:
            death = self._calls.death(self.sandbox.process.wait(_PATIENCE))
            return f"{death}{place_in(self._dump, self._is_its_own, patience=0.0)}"
        except subprocess.TimeoutExpired:
            return f"{self._calls.current()} closed descriptors that are not its own"
