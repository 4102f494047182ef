"""Small components for live development, and the two ways to try it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deadline import until

from instantreact_sdk.testing import Limits
from instantreact_sdk.testing.dev.development import Development
from instantreact_sdk.testing.dev.task import Task, only_target

PROGRAM = str(Path(sys.executable).with_name("instantreact-sdk"))

BLOB = """
from instantreact_sdk import Detections, Detector
from instantreact_sdk.testing import Case, media

class Blob(Detector):
    labels = ("left", "right")

    def detect(self, frames):
        return [Detections([[0.0, 0.25, 0.5, 0.75]], [0.75], [0]) for frame in frames]

    @staticmethod
    def check(folder):
        yield Case(inputs=media.moving_square(4, fps=5))
"""
DETECT = "        return [Detections([[0.0, 0.25, 0.5, 0.75]], [0.75], [0]) for frame in frames]"


def blob(folder: Path, detect: str = DETECT, before: str = "") -> Path:
    """Write ``blob.py``, as an editor does: beside, then in its place."""
    draft = folder / "draft"
    draft.write_text(before + BLOB.replace(DETECT, detect))
    return draft.rename(folder / "blob.py")


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command, at work in a folder."""
    process = subprocess.Popen(
        [PROGRAM, "plugins", "dev", *arguments],
        cwd=folder,
        env=os.environ | {"TMPDIR": str(folder), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def looked(use: str, folder: Path, *, limits: Limits | None = None, **task: Any) -> Sequence[dict[str, Any]]:
    """All facts of one look at a component."""
    with Development(Task(only_target(use, folder), **task), limits) as development:
        until(development._run.done, 120)
        return development.journal.facts()


def of(facts: Sequence[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [fact for fact in facts if fact["is"] == kind]
