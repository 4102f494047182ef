"""What came of the checks of one component."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Literal

from instantreact_sdk.registry import Kind

Status = Literal["passed", "failed", "skipped", "not enforced", "expected failure"]


PREREQUISITE = "prerequisite: "
"""How the message of a check begins that was not made because the named one did not pass."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one check.

    Attributes:
        check: Its name.
        status: ``skipped`` where there was nothing to check or a check that it needs did not pass; ``not enforced`` where this
            machine cannot tell; ``expected failure`` where it failed as it was said to.
        message: Why, as a sentence without a full stop; empty where it passed.
        seconds: How long it took.
    """

    check: str
    status: Status
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What came of all checks of one component.

    Attributes:
        component: ``ssd/ssd300``, or ``./blob.py:Blob``.
        kind: What it is.
        plugin: Who brings it: ``instantreact-ssd 0.1.0``, or the file.
        results: One for each check of its kind, in their order.
        not_checkable: Why most could not be made, as a sentence; empty where they could.
    """

    component: str
    kind: Kind
    plugin: str
    results: tuple[Result, ...]
    not_checkable: str = ""

    @property
    def passed(self) -> bool:
        """Whether it was checkable and nothing failed."""
        return not self.not_checkable and not self.failed

    @property
    def failed(self) -> tuple[Result, ...]:
        """The checks that it does not keep."""
        return tuple(result for result in self.results if result.status == "failed")

    def count(self, status: Status) -> int:
        """How many checks ended so."""
        return Counter(result.status for result in self.results)[status]

    def to_json(self) -> dict[str, Any]:
        """As JSON-able values."""
        return {**asdict(self), "passed": self.passed}


class ChecksFailed(AssertionError):  # noqa: N818  (a failed test, no error)
    """Checks that a component did not pass.

    Args:
        report: All of them.
    """

    def __init__(self, report: Report) -> None:
        lines = [f"{result.check}: {result.message}." for result in report.failed]
        if report.not_checkable:
            lines.insert(0, report.not_checkable)
        super().__init__("\n".join([f"{report.kind} {report.component} of {report.plugin}:", *lines]))
        self.report = report
