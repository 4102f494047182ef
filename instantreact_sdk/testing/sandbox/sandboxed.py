"""The outside of a sandbox: starts the process, hears what it does, and leaves nothing of it."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from instantreact_sdk.testing.sandbox.activity import Activity, Need
from instantreact_sdk.testing.sandbox.watch import Watch
from instantreact_sdk.testing.sandbox.witness import Witness

_ALL: frozenset[Need] = frozenset({"network", "files", "subprocess"})
_SECONDS_TO_ENTER = 30.0
"""A Python that has not come so far by then hangs in its own start-up."""


class Sandboxed:
    """A Python module, run as ``python -m`` would, in a sandbox for as long as the context lasts.

    ```python
    with Sandboxed("package.work", ["a.jpg"], writable=folder, env=os.environ, cwd=folder) as sandbox:
        sandbox.process.wait(60)
    for activity in sandbox.seen():
        print(activity.need, activity.detail)
    ```

    Inside it reaches only its own loopback, and sees all files but changes none outside `writable` (and a ``/dev/shm`` of its own), as
    the same user; as root, without root's rights. The processes that it starts are inside too. All are killed at the
    context's end, or by the kernel when the thread that entered the context ends, as it does when this process is killed;
    only where the machine forbids process namespaces can a daemon get away. What the machine does not allow is left out,
    and said: the module always runs.

    The module is not `process` itself but below it, so that it can be killed with all that it started: what it ends
    with, and the signals that it is sent, go through.

    Args:
        module: As after ``python -m``; importable by this process's interpreter.
        arguments: Its ``sys.argv[1:]``.
        writable: The one folder where it may write; it exists.
        seen_in: A folder inside `writable`, for temporary files perhaps, where each file that is written is seen all the same.
        env: Its environment, the whole. Give ``PYTHONDONTWRITEBYTECODE=1``, or Python itself is seen writing.
        cwd: Its working directory.
        stdin: As for `subprocess.Popen`, likewise the next three.
        stdout: Where its output goes.
        stderr: Where its errors go.
        pass_fds: Open descriptors that it inherits.

    Attributes:
        process: The process; its ``returncode`` is the module's, -11 after a segmentation fault.
        enforced: The needs that cannot be used unnoticed here. ``files`` and ``subprocess``: each attempt is in `seen`,
            made in Python, in C or by a child. ``network``: likewise; or, where attempts cannot be seen, nothing beyond
            loopback can be reached, so that what it tries fails.
        prevented: Which of ``network`` and ``files`` cannot happen at all, seen or not; the others do happen. Programs of this machine that
            listen on sockets that are files can be reached all the same.
        why_not: Why `enforced` is not all three, in one sentence; else empty.
    """

    process: subprocess.Popen[bytes]
    enforced: frozenset[Need]
    prevented: frozenset[Need]
    why_not: str

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        *,
        writable: Path,
        seen_in: Path | None = None,
        env: Mapping[str, str],
        cwd: Path,
        stdin: int | IO[bytes] | None = None,
        stdout: int | IO[bytes] | None = None,
        stderr: int | IO[bytes] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self._command = [module, *arguments]
        self._writable = writable
        self._seen_in = seen_in
        self._env = dict(env)
        self._cwd = cwd
        self._stdin, self._stdout, self._stderr = stdin, stdout, stderr
        self._pass_fds = tuple(pass_fds)
        self._watch: Watch | None = None
        self._is_family = False  # of which none outlives the process

    def __enter__(self) -> Self:
        if sys.platform != "linux":
            self._start([], ())
            self._decide((), frozenset(), f"{sys.platform} cannot tell what a process does; only Linux can")
            return self
        ours, theirs = socket.socketpair()
        with ours, theirs:
            descriptor = theirs.fileno()
            entering = f"{__package__}.entering", str(descriptor), str(os.getpid()), str(self._writable)
            self._start(entering, (descriptor,))
            theirs.close()
            try:
                self._hear(ours)
            except BaseException:
                self._end()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end()

    def seen(self) -> tuple[Activity, ...]:
        """What it did since its beginning that has to be declared: in order, each once, at most 50 of a need.

        It is complete once the process has ended; nothing is in it of a need that is not in `enforced`.
        """
        watched = self._watch.seen() if self._watch else ()
        return tuple(activity for activity in watched if activity.need in self.enforced)

    def _start(self, before: Iterable[str], descriptors: tuple[int, ...]) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - this interpreter, with the module that the caller names
            [sys.executable, "-P", "-m", *before, *self._command],
            env=self._env,
            cwd=self._cwd,
            stdin=self._stdin,
            stdout=self._stdout,
            stderr=self._stderr,
            pass_fds=(*self._pass_fds, *descriptors),
            start_new_session=True,
        )

    def _hear(self, report: socket.socket) -> None:
        """How far the process came inside."""
        report.settimeout(_SECONDS_TO_ENTER)
        try:
            message, listeners, _, _ = socket.recv_fds(report, 65536, 1, socket.MSG_CMSG_CLOEXEC)
        except TimeoutError:
            return self._decide((), frozenset(), f"the process was not inside within {_SECONDS_TO_ENTER:.0f} s")
        if not message:
            return self._decide((), frozenset(), "the process ended before it was inside")
        told = json.loads(message)
        self._is_family = told["family"]
        failures = list(told["failures"])
        seen: frozenset[Need] = frozenset()
        for listener in listeners:
            self._watch = Watch(listener, Witness(told["machine"], self._writable, self._seen_in))
            seen = _ALL
            if not self._is_legible():
                seen -= {"files"}
                failures.append("the memory of a process cannot be read on this machine (ptrace_scope)")
        return self._decide(told["prevented"], seen, "; ".join(failures))

    def _decide(self, prevented: Iterable[Need], seen: frozenset[Need], why_not: str) -> None:
        self.prevented = frozenset(prevented)
        self.enforced = seen | (self.prevented & {"network"})
        self.why_not = "" if self.enforced == _ALL else why_not

    def _is_legible(self) -> bool:
        """Whether the paths of a call can be looked at; without them nobody can say what was written."""
        try:
            with Path(f"/proc/{self.process.pid}/mem").open("rb"):
                return True
        except OSError as error:
            return error.errno not in {errno.EACCES, errno.EPERM}

    def _end(self) -> None:
        if self._is_family:
            self.process.kill()
        else:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()
        if self._watch:
            self._watch.close()
