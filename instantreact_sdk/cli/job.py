"""What the command line asks the working process to do."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """One run, as it travels from the supervisor to the working process.

    Attributes:
        config: Path of the pipeline file; where `text` is given, only a name for messages.
        text: The pipeline file itself, where there is no file.
        video: Address that takes the place of the one source's, or None.
        source: Which source `video` takes the place of; None where there is only one.
        out: Folder for the results, or None.
        live: Whether it is ``run``: components that fail are quarantined, people are told, state is kept.
        deliver: Whether people are told.
        observations: Whether ``observations.jsonl`` is written.
        draw: Whether the annotated video is made.
        report: Whether the report is made.
        as_json: Whether the summary goes to stdout as JSON, and nothing else does.
        debug: Whether tracebacks are printed.
    """

    config: str
    text: str | None = None
    video: str | None = None
    source: str | None = None
    out: str | None = None
    live: bool = False
    deliver: bool = False
    observations: bool = True
    draw: bool = False
    report: bool = False
    as_json: bool = False
    debug: bool = False

    def to_json(self) -> str:
        """As one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Job:
        """From `to_json`."""
        return cls(**json.loads(line))
