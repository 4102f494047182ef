"""A video through a detector: a pipeline without rules."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from rich.table import Table

from instantreact_sdk.cli.default_pipeline import name_of
from instantreact_sdk.cli.detect_pictures import objects
from instantreact_sdk.cli.drawing_places import drawing_places
from instantreact_sdk.cli.progress_bar import ProgressBar
from instantreact_sdk.cli.terminal import print_json, terminal
from instantreact_sdk.config import loads
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import clock
from instantreact_sdk.runner import Pipeline, Settings
from instantreact_sdk.runner.settings import Step
from instantreact_sdk.training.result_folder import ready


def detect_in_video(use: str, video: str, options: Mapping[str, Any], out: Path | None, *, as_json: bool) -> None:
    """Draw and print what a detector finds.

    Args:
        use: The detector.
        video: Address of the video.
        options: Of the detector.
        out: The file to draw to, or its folder; None for this one, or nowhere where JSON is printed.
        as_json: Whether JSON is printed, instead of a table.

    Raises:
        InstantReactError: The detector, its options or the video cannot be used; IR4020, the drawing cannot be written;
            IR6003, it would take the place of the video.
    """
    name = name_of(video)
    if out is not None or not as_json:
        (out,) = drawing_places([Path(video)], [name], ".mp4", out)
        ready(out.parent)
    text = json.dumps(
        {
            "sources": {name: {"use": "opencv/video", "options": {"url": video}}},
            "detectors": {"detector": {"use": use, "options": dict(options)}},
        }
    )
    with tempfile.TemporaryDirectory(prefix="instantreact-") as work:
        folder = Path(work)
        with ProgressBar() as bar, redirect_stdout(sys.stderr):  # stdout belongs to results

            def progress(step: Step) -> None:
                bar(round(step.time), round(step.duration or 0), "seconds of video")

            settings = Settings(out=folder, video=out is not None, snapshots=False, deliver=False, on_progress=progress)
            for _ in Pipeline(loads(text, "the command line"), settings).run():
                pass
        lines = [json.loads(line) for line in (folder / "observations.jsonl").read_text(encoding="utf-8").splitlines()]
        if out is not None:
            _moved(folder / "annotated.mp4", out)
    if as_json:
        frames = [
            {"time": line["time"], "frame": line["frame"], "objects": objects(line["data"])}
            for line in lines
            if line["kind"] == "detections"
        ]
        print_json({"video": name, "frames": frames})
        return
    found = terminal()
    found.print(_table(lines))
    found.print(f"\nDrawn: {out}")


def _moved(drawn: Path, out: Path) -> None:
    try:
        shutil.move(drawn, out)
    except OSError as error:
        raise InstantReactError("IR4020", path=out, problem=error.strerror or error) from error


def _table(lines: list[dict[str, Any]]) -> Table:
    """For each label in how many frames it was found, with which best score, and from when to when."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("label", "frames", "best score", "first", "last"):
        table.add_column(name, justify="left" if name == "label" else "right")
    seen: dict[str, list[tuple[float, float]]] = {}
    for line in lines:
        if line["kind"] == "detections":
            best = {found["label"]: found["score"] for found in reversed(objects(line["data"]))}
            for label, score in best.items():
                seen.setdefault(label, []).append((line["time"], score))
    for label, moments in sorted(seen.items(), key=lambda item: -len(item[1])):
        times, scores = zip(*moments, strict=True)
        table.add_row(label, str(len(moments)), f"{max(scores):.2f}", clock(times[0]), clock(times[-1]))
    if not seen:
        table.add_row("nothing")
    return table
