"""Pipeline files of local parts, and what they leave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from parts import PARTS

from instantreact_sdk import Event, Pipeline


def use(part: str, **more: Any) -> dict[str, Any]:
    """A component of `parts`; what is no key of the pipeline file is an option of the component."""
    ours = {"sources", "time_limit", "max_failures", "sample_fps"}
    options = {key: value for key, value in more.items() if key not in ours}
    return {"use": f"{PARTS}:{part}", "options": options} | {key: more[key] for key in ours & more.keys()}


def write(folder: Path, **sections: Any) -> Path:
    """A pipeline file; its one source is ten seconds of film, where nothing else is said."""
    file = folder / "pipeline.yaml"
    file.write_text(json.dumps({"sources": {"film": use("Film")}, **sections}))
    return file


class Played:
    """A finished run.

    Attributes:
        events: What the facade gave.
        summary: What it told at the end.
    """

    def __init__(self, folder: Path, pipeline: Pipeline) -> None:
        self._folder = folder
        self.events: list[Event] = list(pipeline.run())
        self.summary = pipeline.summary

    def lines(self, name: str) -> list[dict[str, Any]]:
        return lines(self._folder / "out" / f"{name}.jsonl")

    def log(self, component: str) -> list[dict[str, Any]]:
        return lines(self._folder / f"{component}.log")


def play(folder: Path, settings: dict[str, Any] | None = None, **sections: Any) -> Played:
    """Run a pipeline of local parts to its end."""
    file = write(folder, **sections)
    return Played(folder, Pipeline.from_config(file, out=folder / "out", snapshots=False, **(settings or {})))


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a file that has one a line; none where it is not there yet."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
