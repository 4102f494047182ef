"""Running a job in a process of its own, watched by this one."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import typer

from instantreact_sdk.cli.job import Job
from instantreact_sdk.errors import InstantReactError


def supervised(job: Job) -> None:
    """Run a job; the process that works may die without taking this one along.

    Raises:
        InstantReactError: It died, and is not started again; the report tells what was found until then.
        typer.Exit: It ended with another exit code than 0.
    """
    from instantreact_sdk.runner.supervisor import Supervisor

    job = replace(job, debug="--debug" in sys.argv)

    def command(shared: Path, quarantined: dict[str, InstantReactError], last: InstantReactError | None) -> list[str]:
        facts = {name: [error.code, error.facts] for name, error in quarantined.items()}
        again = [last.code, last.facts] if last else None
        extra = json.dumps({"shared": str(shared), "quarantined": facts, "restarted": again})
        # -P: without it a `json.py` in the user's folder would take the place of Python's own.
        return [sys.executable, "-P", "-m", "instantreact_sdk.cli.worker", job.to_json(), extra]

    def told(error: InstantReactError) -> None:
        print(f"{error} It is started again.", file=sys.stderr)  # noqa: T201  (this process loads no more than it needs)

    supervisor = Supervisor(command, restart=job.live, told=told)
    try:
        code = supervisor.run()
    except InstantReactError as error:
        if job.out:
            from instantreact_sdk.runner.aftermath import write_aftermath

            write_aftermath(Path(job.out), job.config, error, report=job.report)
        raise
    if code:
        raise typer.Exit(code)
