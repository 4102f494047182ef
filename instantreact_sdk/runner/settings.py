"""What a run is asked to do besides what its pipeline file says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import Board
from instantreact_sdk.runner.line import Line
from instantreact_sdk.types import Health


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is.

    Attributes:
        source: The source that moved on.
        time: Seconds of media looked at.
        duration: Its length in seconds, or None where it is not known.
        frames: Frames read.
    """

    source: str
    time: float
    duration: float | None
    frames: int


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run.

    Attributes:
        out: Folder for ``events.jsonl`` and the other files; None writes none.
        observations: Whether to write ``observations.jsonl``.
        video: Whether to write ``annotated.mp4``.
        snapshots: Whether to write a picture of every event.
        report: Whether to write ``report.html`` at the end.
        store: URL of the store, or None to keep nothing.
        new_store: Whether to begin a new store in the place of what is there; for a store in a file of its own.
        line: Where another process delivers, the line to it; None where this one does.
        deliver: Whether to tell people; otherwise alerts are worked out and written, as if each had been delivered at once.
        drain: Seconds for which it is tried at the end to tell what nobody has taken yet; then it waits in the outbox.
        strict: Whether the first failure of a component ends the run. Otherwise it is quarantined and the rest goes on.
        quarantined: Components that must not be called, with the reason.
        board: Where a supervisor reads who is being called; None for one of its own.
        restarted: Why the run had to be started again, or None.
        on_progress: Called at most ten times a second.
        on_health: Called on every change of health.
    """

    out: Path | None = None
    observations: bool = True
    video: bool = False
    snapshots: bool = True
    report: bool = False
    store: str | None = None
    new_store: bool = False
    line: Line | None = None
    deliver: bool = True
    drain: float = 30.0
    strict: bool = True
    quarantined: Mapping[str, InstantReactError] = field(default_factory=dict)
    board: Board | None = None
    restarted: InstantReactError | None = None
    on_progress: Callable[[Step], None] | None = None
    on_health: Callable[[Health], None] | None = None
