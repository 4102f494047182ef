"""Doing a job: the pipeline, its progress, and what the user sees of it."""

from __future__ import annotations

import logging
import os
import re
import shlex
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rich.logging import RichHandler
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from instantreact_sdk.cli.ending import INTERRUPTED
from instantreact_sdk.cli.job import Job
from instantreact_sdk.cli.stray_output import StrayOutput
from instantreact_sdk.cli.terminal import Terminal, json_text
from instantreact_sdk.cli.worker import Stopper
from instantreact_sdk.config import Loaded, load, loads
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import clock
from instantreact_sdk.pipeline.board import Board
from instantreact_sdk.registry import discover
from instantreact_sdk.runner import Pipeline, Settings, Step, substituted
from instantreact_sdk.types import Event, Health

if TYPE_CHECKING:
    from instantreact_sdk.runner.line import Line

_ERROR = re.compile(r"IR\d{4}: ")
_HELD = 3.0
"""Seconds for which a component's error is held back where others go on: if it ends the run, it is told as the program ends, and only then."""


def work(
    job: Job,
    board: Board,
    results: TextIO,
    stopper: Stopper,
    *,
    quarantined: Mapping[str, InstantReactError],
    restarted: InstantReactError | None,
    line: int | None,
) -> int:
    """Run the job's pipeline.

    Args:
        job: What to do.
        board: Where the supervisor reads who is being called.
        results: Standard output.
        stopper: Ends the pipeline early.
        quarantined: Components that must not be called.
        restarted: Why the process had to be started again.
        line: File descriptor of the line to the process that delivers; None where this one does.

    Returns:
        The exit code.

    Raises:
        InstantReactError: The work failed.
    """
    screen = Screen(job, results)
    loaded = loads(job.text, job.config) if job.text else load(Path(job.config))
    registry = discover()
    if job.video is not None:
        loaded = substituted(loaded, registry, job.video, job.source)
    out = Path(job.out) if job.out else None
    store = _store(loaded, job, out)
    settings = Settings(
        out=out,
        observations=job.observations,
        video=job.draw,
        report=job.report,
        store=store,
        new_store=not job.live,
        line=_line(line),
        deliver=job.deliver,
        strict=not job.live,
        quarantined=quarantined,
        restarted=restarted,
        board=board,
        on_progress=screen.progress,
        on_health=screen.health,
    )
    pipeline = Pipeline(loaded, settings, registry)
    sys.stdout = StrayOutput(pipeline.note_print)
    stopper.watch(pipeline)
    with screen:
        for event in pipeline.run():
            screen.event(event)
    screen.end(pipeline.summary, store)
    return INTERRUPTED if stopper.asked else 0


def _line(number: int | None) -> Line | None:
    if number is None:
        return None
    from instantreact_sdk.runner.line import Line  # loads SQLAlchemy

    return Line.at(number)


def _store(loaded: Loaded, job: Job, out: Path | None) -> str:
    """An analysis keeps its events in its own folder, away from those of the cameras."""
    if job.live:
        return loaded.store_url
    assert out is not None
    return f"sqlite:///{(out / 'instantreact.db').resolve()}"


class Listened(Terminal):
    """A console whose reader may go away (``| head``): what is found is written down all the same."""

    def on_broken_pipe(self) -> None:
        """Say nothing more."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


class Screen:
    """Events to standard output, progress and health to standard error.

    Args:
        job: What is done.
        results: Standard output.
    """

    def __init__(self, job: Job, results: TextIO) -> None:
        self._job = job
        self._out = Listened(file=results, soft_wrap=True)
        self._err = Listened(stderr=True, soft_wrap=True)
        self._tasks: dict[str, TaskID] = {}
        self._lock = threading.Lock()
        self._held: list[Health] = []
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[reached]}"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=self._err,
            transient=True,
            disable=not self._err.is_terminal,
        )
        logging.getLogger("instantreact").addHandler(RichHandler(console=self._err, show_path=False))

    def __enter__(self) -> None:
        self._bars.start()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        with self._lock:
            self._held = [health for health in self._held if health.detail != str(error)]
        self._release()
        self._bars.stop()

    def progress(self, step: Step) -> None:
        """A source was read a little further."""
        if step.source not in self._tasks:
            self._tasks[step.source] = self._bars.add_task(step.source, total=step.duration, reached="", rate="")
        task = self._tasks[step.source]
        elapsed = self._bars.tasks[list(self._tasks).index(step.source)].elapsed or 0.0
        self._bars.update(
            task,
            completed=step.time,
            reached=clock(step.time) + (f" of {clock(step.duration)}" if step.duration else ""),
            rate=f"{step.time / elapsed:.1f}x, {step.frames / elapsed:.0f} frames/s" if elapsed else "",
        )

    def event(self, event: Event) -> None:
        """An event was decided."""
        if self._job.as_json:
            return
        line = Text.assemble(
            (f"{clock(event.end):>8}", "cyan"),
            "  ",
            (event.rule, "bold"),
            f" at {event.source}",
            (f"  {event.id}", "dim"),
        )
        self._out.print(line)

    def health(self, health: Health) -> None:
        """A component told how it is doing. What may be the end of the run, as an analysis any error is, is held back."""
        if not _ERROR.match(health.detail):
            if self._job.live:
                self._release()
            self._tell(health)
            return
        with self._lock:
            self._held.append(health)
        if self._job.live:
            timer = threading.Timer(_HELD, self._release)
            timer.daemon = True
            timer.start()

    def _release(self) -> None:
        with self._lock:
            held, self._held = self._held, []
        for health in held:
            self._tell(health)

    def _tell(self, health: Health) -> None:
        about = " ".join(dict.fromkeys(part for part in (health.source, health.by) if part))
        style = "green" if health.kind == "online" else "yellow"
        self._err.print(Text.assemble((health.kind, style), f" {about}: {' '.join(health.detail.split())}"))

    def end(self, summary: dict[str, Any], store: str) -> None:
        """Everything is written; events to `store`."""
        if self._job.as_json:
            self._out.out(json_text(summary))
            return
        seen = sum(source["seconds"] for source in summary["sources"].values())
        speed = f", {summary['speed']:.1f}x as fast as it plays" if not self._job.live else ""
        self._err.print(
            f"{_count(summary['events'], 'event')}, {_count(summary['near_misses'], 'near miss', 'near misses')}, "
            f"{_count(summary['alerts'], 'alert')} in {clock(seen)} of video; {summary['wall_seconds']:.1f} s{speed}."
        )
        if self._job.report:
            self._err.print(f"Report: {Path(str(self._job.out)) / 'report.html'}")
        else:
            self._err.print(f"Results: {self._job.out}")
        if self._job.deliver:
            self._untold(store)
        where = shlex.quote(_shown(store) if self._job.live else str(self._job.out))
        if self._job.live:
            self._err.print(f"Events: instantreact-sdk events list --store {where}")
        elif summary["events"]:
            self._err.print(f"Why an event happened: instantreact-sdk events show ID --store {where}")
        elif summary["near_misses"]:
            self._err.print(f"What was missing: instantreact-sdk events list --near-misses --store {where}")

    def _untold(self, store: str) -> None:
        """What nobody has been told yet, and what nobody will be."""
        from instantreact_sdk.alerts.ledger import DEAD, OPEN, Ledger
        from instantreact_sdk.alerts.store import Store

        try:
            with Store.open(store, create=False) as opened:
                counts = Ledger(opened.engine).figures().counts
        except InstantReactError:  # it was told already
            return
        where = "" if self._job.live else f" --store {shlex.quote(str(self._job.out))}"
        if waiting := sum(counts.get(status, 0) for status in OPEN):
            how = f"instantreact-sdk outbox deliver {shlex.quote(self._job.config)}{where}"
            also = f"the next run sends {'it' if waiting == 1 else 'them'}, or " if self._job.live else ""
            self._err.print(f"{_count(waiting, 'delivery waits', 'deliveries wait')} in the outbox; {also}{how}")
        if lost := sum(counts.get(status, 0) for status in DEAD):
            place = shlex.quote(_shown(store) if self._job.live else str(self._job.out))
            how = f"instantreact-sdk outbox list --status failed,expired --store {place}"
            self._err.print(f"{_count(lost, 'delivery', 'deliveries')} given up: {how}")


def _shown(store: str) -> str:
    """The store as ``--store`` takes it: a file, seen from here; an address without its password."""
    from instantreact_sdk.alerts.database import shown, understood

    url = understood(store)
    if url.drivername != "sqlite":
        return shown(url)
    path = Path(str(url.database))
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
