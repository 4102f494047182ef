"""Checks of one component, made in a sandboxed process that may hang or die of them."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import CALL_LIMIT, OPEN_LIMIT
from instantreact_sdk.registry import Kind
from instantreact_sdk.testing.conformance.catalogue import checks_of
from instantreact_sdk.testing.conformance.check import Check
from instantreact_sdk.testing.conformance.result import Result, Status
from instantreact_sdk.testing.conformance.target import Target
from instantreact_sdk.testing.sandbox import Activity, Sandboxed

_MODULE = "instantreact_sdk.testing.conformance.inside"
_MAIN = ("detect", "caption", "recognize", "notify", "update", "replies", "frames", "sound")
_DECLARES = {"declares-network": "network", "declares-files": "files", "declares-subprocess": "subprocess"}
_CASE = "has-a-valid-case"
_VAGUE = ("forked", "opened a socket")  # what was started, and whom it connected to, says more
_PREREQUISITE = "prerequisite: "


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds.

    Attributes:
        call: One call of the method that does the work; by default, as that in a pipeline.
        open: Everything else that the component does: importing, `open`, `close`. Likewise.
        check: A whole check.
    """

    call: float = CALL_LIMIT
    open: float = OPEN_LIMIT
    check: float = 600.0


class Session:
    """A component under checks. Use it as a context manager.

    Args:
        target: The component.
        limits: How long things may take.

    Raises:
        InstantReactError: It cannot be had at all: IR2001 to IR2013, or IR2042 where loading it ends the process.
    """

    def __init__(self, target: Target, limits: Limits | None = None) -> None:
        self._target = target
        self._limits = limits or Limits()
        self._results: dict[str, Result] = {}
        self._activities: list[Activity] = []
        self._folder = TemporaryDirectory(prefix="instantreact-check-", ignore_cleanup_errors=True)
        self._inside: _Inside | None = None
        try:
            ready = self._process().ready
        except BaseException:
            self.close()
            raise
        self.component: str = ready["id"]
        self.kind: Kind = ready["kind"]
        self.plugin: str = ready["plugin"]
        self._needs: Mapping[str, bool] = ready["needs"]
        self.checks: tuple[Check, ...] = checks_of(self.kind)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, and leave nothing behind."""
        if self._inside is not None:
            self._inside.close()
        self._folder.cleanup()

    def result(self, name: str) -> Result:
        """What came of one check; made, after those that it needs, when first asked for."""
        if name not in self._results:
            check = next(each for each in self.checks if each.name == name)
            held_back = next(filter(None, map(self._unmet, check.needs)), "")
            made = Result(name, "skipped", held_back) if held_back else self._make(check)
            self._results[name] = self._judged(check, made)
        return self._results[name]

    @property
    def not_checkable(self) -> str:
        """Why most checks cannot be made, as a sentence; empty where they can."""
        case = self.result(_CASE)
        return f"It cannot be checked: {case.message}." if case.status == "skipped" else ""

    def _unmet(self, need: str) -> str:
        """Why a check that needs another one cannot be made; empty where it can."""
        result = self.result(need)
        if result.status in ("passed", "not enforced"):
            return ""
        if result.status == "skipped" and not result.message.startswith(_PREREQUISITE):
            return result.message  # what does not apply to it, a live source say, holds for what builds on that, too
        return f"{_PREREQUISITE}{need}"

    def _judged(self, check: Check, result: Result) -> Result:
        """Add what the sandbox saw and the component could not know.

        Also where it did not get far: what it was kept from may be why it fails.
        """
        need = _DECLARES.get(check.name)
        if need is None or self._needs[need] or result.status == "failed":
            return result
        process = self._process()
        self._activities += process.sandbox.seen()
        seen = list(dict.fromkeys(one.detail for one in self._activities if one.need == need))
        seen.sort(key=_VAGUE.__contains__)
        if seen:
            more = f" and {len(seen) - 1} more" if len(seen) > 1 else ""
            return Result(check.name, "failed", f"it {seen[0]}{more}, and does not declare `{need}`", result.seconds)
        if result.status == "passed" and need not in process.sandbox.enforced:
            return Result(check.name, "not enforced", process.sandbox.why_not, result.seconds)
        return result

    def _make(self, check: Check) -> Result:
        start = time.monotonic()
        process = self._process()
        try:
            facts = process.ask(check.name, self._limits)
            status: Status = facts["status"]
            return Result(check.name, status, facts["message"], facts["seconds"])
        except _Ended as ended:
            self._activities += process.sandbox.seen()
            process.close()
            self._inside = None
            return Result(check.name, "failed", str(ended), round(time.monotonic() - start, 3))

    def _process(self) -> _Inside:
        if self._inside is None:
            folder = Path(self._folder.name, f"process-{time.monotonic_ns()}")
            folder.mkdir()
            self._inside = _Inside(self._target, folder, self._limits)
        return self._inside


class _Ended(Exception):  # noqa: N818  (it becomes a result)
    """The process hung, and was killed, or died; the message says so as a sentence."""


class _Inside:
    """The process inside, seen from outside."""

    def __init__(self, target: Target, folder: Path, limits: Limits) -> None:
        self._stack = ExitStack()
        asked, self._ask = os.pipe()
        self._told, told = os.pipe()
        self._stack.callback(os.close, self._ask)
        self._stack.callback(os.close, self._told)
        self._use = target.use
        self._rest = b""
        self._calls: dict[int, tuple[str, float]] = {}
        path = os.pathsep.join(str(Path(each).absolute()) for each in sys.path)
        output = folder / "output"
        temporary = folder / "tmp"
        temporary.mkdir()
        try:
            with output.open("ab") as printed:
                sandbox = Sandboxed(
                    _MODULE,
                    [str(asked), str(told), target.to_json(), str(folder)],
                    writable=folder,
                    seen_in=temporary,  # all other places are read-only, and libraries look for one when they are imported
                    env={
                        "PYDANTIC_DISABLE_PLUGINS": "__all__",
                        **_environment(),
                        "TMPDIR": str(temporary),
                        "PYTHONPATH": path,
                        "PYTHONDONTWRITEBYTECODE": "1",
                    },
                    cwd=Path.cwd(),
                    stdout=printed,
                    stderr=printed,
                    pass_fds=(asked, told),
                )
                self.sandbox = self._stack.enter_context(sandbox)
        finally:
            os.close(asked)
            os.close(told)
        try:
            self.ready = self._begin(limits)
        except BaseException:
            self.close()
            raise

    def _begin(self, limits: Limits) -> Mapping[str, Any]:
        try:
            facts = self._facts(limits, time.monotonic() + limits.open)
        except _Ended as ended:
            raise InstantReactError("IR2042", component=self._use, cause=str(ended)) from ended
        if "error" in facts:
            code, given = facts["error"]
            raise InstantReactError(code, **given)
        if "fault" in facts:
            raise InstantReactError("IR2042", component=self._use, cause=facts["fault"])
        ready: Mapping[str, Any] = facts["ready"]
        return ready

    def ask(self, name: str, limits: Limits) -> Mapping[str, Any]:
        """Have one check made.

        Raises:
            _Ended: The process did not survive it.
        """
        self._calls.clear()
        try:
            os.write(self._ask, f"{name}\n".encode())
        except BrokenPipeError:
            raise _Ended(self._death()) from None
        deadline = time.monotonic() + limits.check
        while "status" not in (facts := self._facts(limits, deadline)):
            self._note(facts)
        return facts

    def close(self) -> None:
        """End it."""
        self._stack.close()

    def _note(self, facts: Mapping[str, Any]) -> None:
        if facts["calling"]:
            self._calls[facts["by"]] = (facts["calling"], time.monotonic())
        else:
            self._calls.pop(facts["by"], None)

    def _facts(self, limits: Limits, deadline: float) -> Mapping[str, Any]:
        """The next line that the process writes."""
        while b"\n" not in self._rest:
            ends = [(since + _limit(what, limits), what) for what, since in self._calls.values()]
            end, what = min([*ends, (deadline, "")])
            ready, _, _ = select.select([self._told], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise _Ended(
                    f"{what} did not return within {_limit(what, limits):g} s" if what else "it did not end in time"
                )
            data = os.read(self._told, 65536)
            if not data:
                raise _Ended(self._death())
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        facts: Mapping[str, Any] = json.loads(line)
        return facts

    def _death(self) -> str:
        what = next((what for what, _ in self._calls.values()), "it")
        code = self.sandbox.process.wait()
        if code >= 0:
            return f"{what} ended the process (exit code {code})"
        return f"{what} killed the process ({signal.Signals(-code).name})"


def _environment() -> dict[str, str]:
    """That of this process, without what makes coverage measure its children: its data file would be taken for the plugin's."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COV")}


def _limit(what: str, limits: Limits) -> float:
    return limits.call if what in _MAIN else limits.open
