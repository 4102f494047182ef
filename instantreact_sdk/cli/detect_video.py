"""A video through a detector: a pipeline without rules."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.table import Table

from instantreact_sdk.cli.default_pipeline import name_of, short_name
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
            "detectors": {short_name(use): {"use": use, "options": dict(options)}},
        }
    )
    broken: BaseException | None = None
    with tempfile.TemporaryDirectory(prefix="instantreact-") as work:
        folder = Path(work)
        settings = Settings(out=folder, video=out is not None, snapshots=False, deliver=False)
        try:
            _watch(text, settings)
        except (InstantReactError, KeyboardInterrupt) as error:
            broken = error
        lines = _lines(folder / "observations.jsonl")
        drawn = out is not None and (folder / "annotated.mp4").exists()
        if out is not None and drawn and (lines or not broken):
            _moved(folder / "annotated.mp4", out)
    if lines or not broken:  # also what was found until the work broke off
        _tell(name, lines, out if drawn else None, as_json=as_json)
    if broken:
        raise broken


def _watch(text: str, settings: Settings) -> None:
    with ProgressBar() as bar, redirect_stdout(sys.stderr):  # stdout belongs to results

        def progress(step: Step) -> None:
            bar(round(step.time), round(step.duration or 0), "seconds of video")

        for _ in Pipeline(loads(text, "the command line"), replace(settings, on_progress=progress)).run():
            pass


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():  # nothing was begun
        return []
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in found if line["kind"] == "detections"]


def _tell(video: str, lines: list[dict[str, Any]], drawn: Path | None, *, as_json: bool) -> None:
    if as_json:
        frames = [{"time": line["time"], "frame": line["frame"], "objects": objects(line["data"])} for line in lines]
        print_json({"video": video, "frames": frames})
        return
    shown = terminal()
    shown.print(_table(lines))
    if drawn:
        shown.print(f"\nDrawn: {drawn}")


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
        best = {found["label"]: found["score"] for found in reversed(objects(line["data"]))}
        for label, score in best.items():
            seen.setdefault(label, []).append((line["time"], score))
    for label, moments in sorted(seen.items(), key=lambda item: -len(item[1])):
        times, scores = zip(*moments, strict=True)
        table.add_row(label, str(len(moments)), f"{max(scores):.2f}", clock(times[0]), clock(times[-1]))
    if not seen:
        table.add_row("nothing")
    return table
