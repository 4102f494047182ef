"""``instantreact-sdk run``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instantreact_sdk.cli.job import Job
from instantreact_sdk.cli.results_folder import results_folder
from instantreact_sdk.cli.supervised import supervised


def command(
    config: Annotated[Path, typer.Argument(help="The pipeline file.")] = Path("instantreact.yaml"),
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="<path>",
            parser=results_folder,
            help="Folder for events and snapshots; left out, `NAME-events` beside the file.",
        ),
    ] = None,
    observations: Annotated[
        bool, typer.Option("--observations", help="Write all observations too; this grows without end.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON at the end.")] = False,
) -> None:
    """Watch what a pipeline file names, until Ctrl-C, and tell people.

    A missing file or a wrong option ends it at once; a camera that is away does not, and is tried again.
    A component that fails is left out and the rest goes on; a process that dies is started again.
    """
    folder = out or config.with_name(f"{config.stem}-events")
    job = Job(
        config=str(config),
        out=str(folder),
        live=True,
        deliver=True,
        observations=observations,
        as_json=as_json,
    )
    supervised(job)
