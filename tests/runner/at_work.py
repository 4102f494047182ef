"""Running a pipeline with animals of the zoo in it, as a user would: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from zoo import HEALTHY, RUN_TIME, Animal, settle


@dataclass(frozen=True)
class Done:
    """What came of it."""

    code: int
    stdout: str
    stderr: str
    out: Path

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.out / f"{name}.jsonl").read_text().splitlines()]

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads((self.out / "summary.json").read_text())

    @property
    def health(self) -> str:
        return "\n".join(f"{one['kind']} {one['by']}: {one['detail']}" for one in self.summary["health"])


def program() -> str:
    """The command line's program."""
    return str(Path(sys.executable).with_name("instantreact-sdk"))


def environment(folder: Path) -> dict[str, str]:
    """One in which the plugins of `folder` are installed."""
    return {**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"}


def cli(*arguments: str, folder: Path, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """The command line, with the plugins of `folder`."""
    return subprocess.run(
        [program(), *arguments],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        cwd=folder,
        env=environment(folder),
    )


def pipeline(**sections: Any) -> dict[str, Any]:
    """A pipeline file: a hundred frames in ten seconds, a detector that behaves, and a rule on what it sees."""
    return {
        "sources": {"cam": {"use": "hostile-source", "options": {"after": 1000}}},
        "detectors": {"good": {"use": "healthy"}, **sections.pop("detectors", {})},
        "rules": {"seen": {"when": {"label": "thing", "for": "1s"}, **sections.pop("rule", {})}},
        **sections,
    }


def clip(path: Path, frames: int = 100) -> None:
    """A video of ten seconds in which every frame is a little brighter."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for index in range(frames):
        writer.write(np.full((48, 64, 3), 2 * index, np.uint8))
    writer.release()


def work(folder: Path, command: str, file: dict[str, Any], *animals: Animal) -> Done:
    """Settle the animals and run the pipeline with ``analyze`` or ``run``."""
    for animal in {HEALTHY.plugin: HEALTHY, "hostile-source": RUN_TIME["hostile-source"]} | {
        a.plugin: a for a in animals
    }:
        settle(folder, HEALTHY if animal == "healthy" else RUN_TIME[animal])
    (folder / "pipeline.yaml").write_text(json.dumps(file))
    out = folder / "out"
    if command == "run":
        done = cli("run", "pipeline.yaml", "--out", str(out), "--observations", folder=folder)
    else:
        clip(folder / "clip.avi")
        done = cli(
            "analyze", "clip.avi", "--config", "pipeline.yaml", "--out", str(out), "--no-video", "--json", folder=folder
        )
    return Done(done.returncode, done.stdout, done.stderr, out)
