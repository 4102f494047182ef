"""A process that works on the author's code, seen from outside."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from instantreact_sdk.testing.conformance.calls import Calls, Ended, Limits, read_fact
from instantreact_sdk.testing.conformance.environment import environment
from instantreact_sdk.testing.conformance.last_words import place_in
from instantreact_sdk.testing.dev.journal import Fact
from instantreact_sdk.testing.sandbox import Sandboxed

_POLL = 0.2
_MOST_PRINTED = 200_000  # characters of a run: they are all kept for the page


class Child:
    """A module that runs as a process and tells facts. Use it as a context manager.

    Args:
        module: Takes the descriptors TOLD, LIFE and DUMP before its other arguments.
        arguments: These.
        folder: Where it may write; its temporary files go there.
        files: The author's, to find a line of them in the process's last words.
        limits: How long things may take.
        sandboxed: Whether to keep it from the network and from writing elsewhere, where the machine allows.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        folder: Path,
        files: Callable[[Path], bool],
        limits: Limits,
        *,
        sandboxed: bool = False,
    ) -> None:
        self._files = files
        self._calls = Calls(limits)
        self._stack = ExitStack()
        self._stopped = False
        self._room = _MOST_PRINTED
        self._rest = b""
        self._told, told = os.pipe()
        life, self._life = os.pipe()
        self._dump, dump = os.pipe()
        self._printed, printed = os.pipe()
        for descriptor in (self._told, self._life, self._dump, self._printed):
            self._stack.callback(os.close, descriptor)
        try:
            self._start(module, arguments, folder, (told, life, dump), printed, sandboxed=sandboxed)
        except BaseException:
            self._stack.close()
            raise
        finally:
            for descriptor in (told, life, dump, printed):
                os.close(descriptor)

    def _start(
        self,
        module: str,
        arguments: Sequence[str],
        folder: Path,
        descriptors: tuple[int, ...],
        printed: int,
        *,
        sandboxed: bool,
    ) -> None:
        command = [module, *map(str, descriptors), *arguments]
        env = {**environment(folder), "PYTHONUNBUFFERED": "1"}
        with os.fdopen(os.dup(printed), "wb") as output:
            if sandboxed:
                sandbox = Sandboxed(
                    command[0],
                    command[1:],
                    writable=folder,
                    env=env,
                    cwd=Path.cwd(),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    pass_fds=descriptors,
                )
                self._process = self._stack.enter_context(sandbox).process
                return
            self._process = subprocess.Popen(  # noqa: S603  (this interpreter, with a module of ours)
                [sys.executable, "-P", "-m", *command],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=descriptors,
                start_new_session=True,
            )
        self._stack.callback(self._end)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def stop(self) -> None:
        """Have it end now; `facts` then ends too. From any thread."""
        self._stopped = True
        self._process.kill()

    def facts(self) -> Iterator[Fact]:
        """What it tells and prints, until it ends.

        Raises:
            Ended: It died or hung.
        """
        streams = [self._printed, self._told]
        ended = False
        while not self._stopped and streams:
            ready, _, _ = select.select(streams, [], [], _POLL)
            for stream in ready:
                data = os.read(stream, 65536)
                if not data:
                    streams.remove(stream)
                for fact in self._parsed(data) if stream == self._told else self._printing(data):
                    ended = ended or "ended" in fact
                    if "is" in fact or "again" in fact:
                        yield fact
            if not ready and (ended or self._process.poll() is not None):
                break  # what it started may hold its descriptors open
            self._mind_the_time()
        if not (self._stopped or ended):
            raise Ended(f"{self._calls.death(self._process.wait())}{place_in(self._dump, self._files, patience=0.0)}")

    def _parsed(self, data: bytes) -> Iterator[dict[str, Any]]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            fact = read_fact(line)
            match fact:
                case {"calling": str(what), "by": int(thread)}:
                    self._calls.note(what, thread)
            yield fact

    def _printing(self, data: bytes) -> Iterator[Fact]:
        text = data.decode(errors="replace")[: self._room]
        self._room -= len(text)
        if text:
            yield {"is": "printed", "text": text if self._room else f"{text}\n(and more)\n"}

    def _mind_the_time(self) -> None:
        late = self._calls.overdue()
        if late:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGUSR1)  # it writes where it is
            raise Ended(f"{late}{place_in(self._dump, self._files, patience=1.0)}")

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
