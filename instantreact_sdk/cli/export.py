"""``instantreact-sdk export``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from instantreact_sdk.cli.plugin_flags import named_by, with_flags
from instantreact_sdk.cli.results_folder import results_folder


def command_for(words: Sequence[str]) -> Callable[..., None]:
    """The command with the flags of the exporter that the words name.

    Raises:
        InstantReactError: IR2001 to IR2013, IR7014: what is named cannot be exported; IR6003, nothing is named.
    """
    from instantreact_sdk.registry import discover
    from instantreact_sdk.training.choosing import with_aide

    use = named_by(words, export, "export")
    if not use:
        return with_flags(export)
    choice = with_aide(discover(), use, "exporter", Path.cwd())
    return with_flags(export, choice.exporter().options, of=choice.id, whose="the exporter of ")


def export(
    use: Annotated[
        str,
        typer.Argument(metavar="ID", help="What to export, as ssd/ssd300. `export ID --help` shows its options."),
    ],
    *,
    weights: Annotated[
        Path, typer.Option("--weights", metavar="FILE|RUN", help="A file of weights, or the folder of a training run.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", parser=results_folder, help="The file to write.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the card as JSON.")] = False,
    options: Mapping[str, Any],
) -> None:
    """Write weights for another runtime, and check that they give the same there."""
    from instantreact_sdk.cli.progress_bar import ProgressBar
    from instantreact_sdk.cli.terminal import print_json, terminal
    from instantreact_sdk.training import export as write

    with ProgressBar() as bar:
        card = write(use, weights, out=out, options=options, progress=bar)
    if as_json:
        print_json({**card.to_json(), "weights": str(card.weights)})
    else:
        terminal().print(f"{card.weights} is written, {card.weights.stat().st_size / 1e6:.1f} MB.")
