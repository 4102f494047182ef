"""Checks of one component, made in a sandboxed process that may hang or die of them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry import Kind
from instantreact_sdk.testing.conformance.calls import Ended, Limits
from instantreact_sdk.testing.conformance.catalogue import checks_of
from instantreact_sdk.testing.conformance.check import Check
from instantreact_sdk.testing.conformance.outside import Inside
from instantreact_sdk.testing.conformance.result import PREREQUISITE, Result, Status
from instantreact_sdk.testing.conformance.target import Target
from instantreact_sdk.testing.sandbox import Activity

_DECLARES = {"declares-network": "network", "declares-files": "files", "declares-subprocess": "subprocess"}
_CASE = "has-a-valid-case"
_VAGUE = ("forked", "opened a socket")  # what was started, and whom it connected to, says more


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
        self._inside: Inside | None = None
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
            try:
                made = Result(name, "skipped", held_back) if held_back else self._make(check)
                self._results[name] = self._judged(check, made)
            except InstantReactError as error:  # a new process was needed, and did not get as far as the first one
                self._results[name] = Result(name, "failed", f"it failed before, and now {error.what.rstrip('.')}")
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
        if result.status == "skipped" and not result.message.startswith(PREREQUISITE):
            return result.message  # what does not apply to it, a live source say, holds for what builds on that, too
        return f"{PREREQUISITE}{need}"

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
            facts = process.ask(check.name)
            status: Status = facts["status"]
            return Result(check.name, status, facts["message"], facts["seconds"])
        except Ended as ended:
            self._activities += process.sandbox.seen()
            process.close()
            self._inside = None
            return Result(check.name, "failed", str(ended), round(time.monotonic() - start, 3))

    def _process(self) -> Inside:
        if self._inside is None:
            folder = Path(self._folder.name, f"process-{time.monotonic_ns()}")
            folder.mkdir()
            self._inside = Inside(self._target, folder, self._limits)
        return self._inside
