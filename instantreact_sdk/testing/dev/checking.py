"""The process that has the component checked, in sandboxes of its own.

``python -m instantreact_sdk.testing.dev.checking TOLD LIFE DUMP TASK`` writes facts as JSON lines to the descriptor TOLD: which checks there are, and what came
of each as soon as it is known.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.testing.conformance.session import Session
from instantreact_sdk.testing.dev.task import Task
from instantreact_sdk.testing.dev.telling import telling


def main() -> None:
    """Do as the arguments say."""
    with telling(*sys.argv[1:4]) as tell:
        try:
            _check(Task.from_json(sys.argv[4]), tell)
        except InstantReactError as error:
            tell(**{"is": "checked", "problem": str(error)})


def _check(task: Task, tell: Callable[..., Any]) -> None:
    with Session(task.target) as session:
        checks = [{"name": each.name, "summary": each.summary, "page": each.page} for each in session.checks]
        tell(**{"is": "checks", "checks": checks})
        for check in session.checks:
            tell(**{"is": "check", **asdict(session.result(check.name))})
        tell(**{"is": "checked", "problem": session.not_checkable})


if __name__ == "__main__":
    main()
