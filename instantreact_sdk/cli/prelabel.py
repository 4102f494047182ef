"""``instantreact-sdk data prelabel``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from instantreact_sdk.cli.plugin_flags import with_flags, words_in


def command_for(words: Sequence[str]) -> Callable[..., None]:
    """The command with the options of the detector that the words name as flags.

    Raises:
        InstantReactError: IR2001 to IR2013, there is no such detector.
    """
    from instantreact_sdk.registry import discover

    _, found = words_in(words, prelabel)
    if "use" not in found:
        return with_flags(prelabel)
    choice = discover().resolve("detector", found["use"], Path.cwd())
    return with_flags(prelabel, choice.options_type(), of=choice.id)


def prelabel(
    pictures: Annotated[Path, typer.Argument(metavar="PICTURES", help="A folder with photographs, in folders or not.")],
    *,
    use: Annotated[
        str,
        typer.Option(
            "--use",
            metavar="ID",
            help="The detector: ssd/ssd300, or ./FILE.py:CLASS. `prelabel --use ID --help` shows its options.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="A new folder for the dataset.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    options: Mapping[str, Any],
) -> None:
    """Let a detector label photographs, as VOC XML to be corrected in any labelling tool.

    The photographs are copied. Those that cannot be read are named and left out; then the exit code is 1.
    """
    from instantreact_sdk.cli.progress_bar import ProgressBar
    from instantreact_sdk.cli.terminal import print_json, terminal
    from instantreact_sdk.training import prelabel as label

    with ProgressBar() as bar:
        done = label(pictures, use, out=out, options=options, progress=bar)
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
