"""``instantreact-sdk data prelabel``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from instantreact_sdk.cli.plugin_flags import for_detector
from instantreact_sdk.cli.results_folder import results_folder
from instantreact_sdk.errors import InstantReactError


def command_for(words: Sequence[str]) -> Callable[..., None]:
    """The command with the flags of the detector that the words name; `for_detector` has the errors."""
    return for_detector(prelabel, words, "data prelabel")


def prelabel(
    pictures: Annotated[Path, typer.Argument(metavar="PICTURES", help="A folder with photographs, in folders or not.")],
    *,
    use: Annotated[
        str,
        typer.Option(
            "--use",
            metavar="ID",
            help="The detector: ssd/ssd300, or ./FILE.py:CLASS. `data prelabel --use ID --help` shows its options.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FOLDER", parser=results_folder, help="A new folder for the dataset."),
    ],
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on in --out with the photographs that are not labelled there yet.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    options: Mapping[str, Any],
) -> None:
    """Let a detector label photographs, as VOC XML to be corrected in any labelling tool.

    The photographs are copied. Those that cannot be read are named and left out; then the exit code is 1. Each is written as
    soon as it was looked at: where the work breaks off, --resume goes on.
    """
    from instantreact_sdk.cli.progress_bar import ProgressBar
    from instantreact_sdk.cli.terminal import print_json, terminal
    from instantreact_sdk.training import prelabel as label
    from instantreact_sdk.training.prelabelling import BEGUN

    try:
        with ProgressBar() as bar:
            done = label(pictures, use, out=out, options=options, resume=resume, progress=bar)
    except (InstantReactError, KeyboardInterrupt) as error:
        if getattr(error, "exit_code", 1) == 1 and (out / BEGUN).exists():
            print(f"What is labelled already is in {out}; the same command with `--resume` goes on.", file=sys.stderr)  # noqa: T201  (beside the error)
        raise
    if as_json:
        print_json(done.to_json())
    else:
        objects = ", ".join(f"{count} {name}" for name, count in done.classes.items())
        screen = terminal()
        for path, problem in done.left_out.items():
            screen.print(f"{path} is left out: {problem}.")
        screen.print(
            f"{done.dataset.form}: {len(done.dataset)} pictures, {sum(done.classes.values())} objects ({objects or 'none'})"
        )
        screen.print(f"Correct them in a labelling tool; then `instantreact-sdk data check {done.dataset.form}`.")
    if done.left_out:
        raise typer.Exit(1)
