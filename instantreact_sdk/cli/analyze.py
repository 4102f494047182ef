"""``instantreact-sdk analyze``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instantreact_sdk.cli.job import Job
from instantreact_sdk.cli.results_folder import results_folder
from instantreact_sdk.cli.supervised import supervised
from instantreact_sdk.errors import InstantReactError


def command(
    video: Annotated[str, typer.Argument(help="A video file, a folder of pictures, or a camera's address.")],
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="Pipeline file; left out, whatever moves is found.")
    ] = None,
    detector: Annotated[
        list[str] | None,
        typer.Option(
            "--detector",
            "-d",
            help="PLUGIN/NAME or ./FILE.py:CLASS that looks at it instead, where there is no pipeline file; may be repeated.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="The source of the pipeline file that VIDEO stands for, where it has several.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="<path>",
            parser=results_folder,
            help="Folder for the results; left out, `NAME-out` in this one, named after the video.",
        ),
    ] = None,
    draw: Annotated[bool, typer.Option("--video/--no-video", help="Make annotated.mp4.")] = True,
    report: Annotated[bool, typer.Option("--report/--no-report", help="Make report.html.")] = True,
    deliver: Annotated[
        bool, typer.Option("--deliver", help="Really tell people; else alerts are only written down.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Find what happens in a video: events with pictures and reasons, an annotated video, a report."""
    from instantreact_sdk.cli.default_pipeline import MOTION, default_pipeline, name_of

    if config and detector:
        raise InstantReactError(
            "IR6003",
            problem="--config and --detector exclude each other: a pipeline file names its detectors.",
            command="instantreact-sdk analyze",
        )
    job = Job(
        config=str(config or "the default pipeline"),
        text=None if config else default_pipeline(video, detector or MOTION),
        video=video,
        source=source,
        out=str(out or f"{name_of(video)}-out"),
        draw=draw,
        report=report,
        deliver=deliver,
        as_json=as_json,
    )
    supervised(job)
