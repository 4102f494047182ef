"""``instantreact-sdk demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instantreact_sdk.cli.default_pipeline import default_pipeline
from instantreact_sdk.cli.job import Job
from instantreact_sdk.cli.results_folder import results_folder
from instantreact_sdk.cli.supervised import supervised
from instantreact_sdk.errors import InstantReactError


def command(
    video: Annotated[
        str | None, typer.Option(help="Your own video; left out, a clip of a yard at night is drawn on the spot.")
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="<path>", parser=results_folder, help="Folder for the results.")
    ] = Path("instantreact-demo"),
    clip: Annotated[
        Path | None, typer.Option("--clip", help="Only write the clip to this file, as MP4.", show_default=False)
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option("--pictures", help="Only write the clip to this folder, as 4 JPEGs a second.", show_default=False),
    ] = None,
) -> None:
    """See it work: a video, a detector, rules, and a report with the reasons of what was decided."""
    if clip or pictures:
        _write(clip, pictures)
        return
    if video is None:
        config = _render(out)
        job = Job(config=str(config), video=str(out / "yard.mp4"), out=str(out), draw=True, report=True)
    else:
        text = default_pipeline(video)
        job = Job(config="the demo", text=text, video=video, out=str(out), draw=True, report=True)
    supervised(job)


def _write(clip: Path | None, pictures: Path | None) -> None:
    """The clip alone, for a pipeline of one's own."""
    from instantreact_sdk.testing.demo_clip import render_demo_clip, render_demo_pictures

    for place, render in ((clip, render_demo_clip), (pictures, render_demo_pictures)):
        if place and place.exists():  # it may be somebody's own, and is the same where it is ours
            typer.echo(f"{place} is there already, and stays as it is.", err=True)
        elif place:
            render(place)
            typer.echo(f"{place} is written.", err=True)


def _render(out: Path) -> Path:
    """Draw the clip, and put the pipeline file beside it, to play with."""
    from instantreact_sdk.testing.demo_clip import demo_pipeline, render_demo_clip

    try:
        out.mkdir(parents=True, exist_ok=True)
        config = out / "demo.yaml"
        config.write_text(demo_pipeline(), encoding="utf-8")
    except OSError as error:
        raise InstantReactError("IR5020", path=out, problem=error.strerror or error) from None
    typer.echo("Drawing the clip ...", err=True)
    render_demo_clip(out / "yard.mp4")
    return config
