"""``instantreact-sdk evaluate``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from instantreact_sdk.cli.plugin_flags import for_detector
from instantreact_sdk.cli.results_folder import results_folder


def command_for(words: Sequence[str]) -> Callable[..., None]:
    """The command with the flags of the detector that the words name; `for_detector` has the errors."""
    return for_detector(evaluate, words, "evaluate")


def evaluate(
    use: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="The detector: ssd/ssd300, or ./FILE.py:CLASS. `evaluate ID --help` shows its options; those that are not "
            "set may have other values here, for figures that can be compared.",
        ),
    ],
    *,
    data: Annotated[str, typer.Option("--data", metavar="DATASET", help="voc:FOLDER, coco:FILE.json or yolo:FOLDER.")],
    split: Annotated[
        str, typer.Option("--split", metavar="SPLIT", help="Of it; `all` for the whole dataset.")
    ] = "test",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FOLDER",
            parser=results_folder,
            help="Write evaluation.json, and report.html with curves and the worst mistakes; needs the extra `report`, too.",
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only so many pictures, the same ones each time.")
    ] = None,
    write_card: Annotated[
        bool,
        typer.Option("--write-card", help="Write figures, and the score of best F1, to the card of the weights."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
    options: Mapping[str, Any],
) -> None:
    """Run a detector over labelled pictures, and say how right it is: VOC's figures, COCO's, its mistakes."""
    from instantreact_sdk.cli.progress_bar import ProgressBar
    from instantreact_sdk.cli.terminal import print_json, terminal
    from instantreact_sdk.training import evaluate as measure

    with ProgressBar() as bar:
        evaluation = measure(
            use, data, split=split, options=options, out=out, limit=limit, write_card=write_card, progress=bar
        )
    if as_json:
        print_json(evaluation.plain())
        return
    from instantreact_sdk.cli.evaluation_tables import print_evaluation

    print_evaluation(evaluation)
    if out:
        terminal().print(f"Report: {out / 'report.html'}")
