"""Running a job in processes of their own, watched by this one."""

from __future__ import annotations

import json
import secrets
import socket
import sys
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from instantreact_sdk.cli.job import Job
from instantreact_sdk.errors import InstantReactError

if TYPE_CHECKING:
    from instantreact_sdk.runner.supervisor import Supervisor

_LEAVE = 25.0
"""Seconds that delivery has at the end."""
_PAUSE = 5.0
"""Seconds before delivery is started again where it has ended by itself."""


def supervised(job: Job) -> None:
    """Run a job; the processes that work may die without taking this one along.

    A job that watches cameras has two: one watches, one delivers.

    Raises:
        InstantReactError: The first one died, and is not started again; the report tells what was found until then.
        typer.Exit: It ended with another exit code than 0.
    """
    from instantreact_sdk.runner.supervisor import Supervisor

    job = replace(job, debug="--debug" in sys.argv)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) if job.live else (None, None)

    def command(shared: Path, quarantined: dict[str, InstantReactError], last: InstantReactError | None) -> list[str]:
        again = [last.code, last.facts] if last else None
        extra = {**_given(shared, quarantined), "restarted": again, "line": ours.fileno() if ours else None}
        return _python("worker", job.to_json(), json.dumps(extra))

    with ExitStack() as leaving:
        watching = Supervisor(command, restart=job.live, told=_told, passing=[ours.fileno()] if ours else [])
        if ours and theirs:
            leaving.enter_context(ours)
            leaving.enter_context(theirs)
            _deliver_meanwhile(leaving, job, watching, theirs)
        try:
            code = watching.run()
        except InstantReactError as error:
            if job.out:
                from instantreact_sdk.runner.aftermath import write_aftermath

                write_aftermath(Path(job.out), job.config, error, report=job.report)
            raise
    if code:
        raise typer.Exit(code)


def _deliver_meanwhile(leaving: ExitStack, job: Job, watching: Supervisor, line: socket.socket) -> None:
    """Have a process deliver until the end, and tell systemd that all is well, where it asks."""
    from instantreact_sdk.runner.sd_notify import Watchdog
    from instantreact_sdk.runner.supervisor import Supervisor

    holder = f"run {secrets.token_hex(6)}"

    def command(shared: Path, quarantined: dict[str, InstantReactError], last: InstantReactError | None) -> list[str]:  # noqa: ARG001  (nobody has to hear of it)
        extra = {"line": line.fileno(), "holder": holder, "out": job.out, "debug": job.debug}
        return _python("deliverer", job.config, json.dumps({**_given(shared, quarantined), **extra}))

    def told(error: InstantReactError) -> None:
        _told(error)
        from instantreact_sdk.runner.line import Line

        health = {"kind": "restarted", "detail": str(error), "by": "delivery"}
        Line(line).send({"health": health})

    delivering = Supervisor(command, restart=True, told=told, passing=[line.fileno()])
    over = threading.Event()

    def deliver() -> None:
        while not over.is_set():
            try:
                delivering.watch()
            except InstantReactError:  # it died while it was to end
                return
            except OSError as error:  # no room for a folder, no process to be had
                print(f"Delivery cannot be started: {error.strerror}. It is tried again.", file=sys.stderr)  # noqa: T201  (as in `_told`)
            over.wait(_PAUSE)

    thread = threading.Thread(target=deliver, name="delivery", daemon=True)
    thread.start()

    def end() -> None:
        over.set()
        delivering.stop()
        thread.join(_LEAVE)
        delivering.kill()
        thread.join()

    leaving.callback(end)
    leaving.enter_context(Watchdog(lambda: watching.well and delivering.well))


def _given(shared: Path, quarantined: dict[str, InstantReactError]) -> dict[str, Any]:
    facts = {name: [error.code, error.facts] for name, error in quarantined.items()}
    return {"shared": str(shared), "quarantined": facts}


def _python(module: str, *arguments: str) -> list[str]:
    # -P: without it a `json.py` in the user's folder would take the place of Python's own.
    return [sys.executable, "-P", "-m", f"instantreact_sdk.cli.{module}", *arguments]


def _told(error: InstantReactError) -> None:
    print(f"{error} It is started again.", file=sys.stderr)  # noqa: T201  (this process loads no more than it needs)
