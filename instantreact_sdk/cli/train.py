"""``instantreact-sdk train``."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from instantreact_sdk.cli.ending import INTERRUPTED
from instantreact_sdk.cli.plugin_flags import named_by, with_flags, words_in
from instantreact_sdk.cli.results_folder import results_folder
from instantreact_sdk.errors import InstantReactError

if TYPE_CHECKING:
    from instantreact_sdk.types import ModelCard


def command_for(words: Sequence[str]) -> Callable[..., None]:
    """The command with the flags of the trainer that the words name, or that the run named to go on with had.

    Raises:
        InstantReactError: IR2001 to IR2013, IR7014, IR7016: what is named cannot be trained; IR6003, nothing is named.
    """
    from instantreact_sdk.registry import discover
    from instantreact_sdk.training.choosing import with_aide
    from instantreact_sdk.training.run_file import Run

    use, typed = words_in(words, train)
    run = Run.read(Path(typed["out"])) if "--resume" in words and typed.get("out") else None
    if run and use != words[0]:  # it was most likely the value of a trainer's flag
        use = run.component
    if not use and "--resume" not in words:
        use = named_by(words, train, "train")
    if not use:
        return with_flags(train)
    choice = with_aide(discover(), use, "trainer", run.base if run else Path.cwd())
    return with_flags(
        train, choice.trainer().options, of=choice.id, whose="the trainer of ", before=run.options if run else None
    )


def train(
    use: Annotated[
        str | None,
        typer.Argument(
            metavar="ID", help="What to train, as ssd/ssd300. `train ID --help` shows its options.", show_default=False
        ),
    ] = None,
    *,
    data: Annotated[
        str | None,
        typer.Option(
            "--data", metavar="DATASET", help="voc:FOLDER, coco:FILE.json or yolo:FOLDER.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="RUN", parser=results_folder, help="The run's folder; a new one.")
    ],
    split: Annotated[
        str | None,
        typer.Option(
            "--split", metavar="SPLIT", help="What to learn from; `all` for the whole dataset.", show_default="train"
        ),
    ] = None,
    validation: Annotated[
        str | None,
        typer.Option(
            "--validation",
            metavar="SPLIT|DATASET|none",
            help="What to choose the best weights by.",
            show_default="val, where there is one that shares nothing with what is learned from",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in --out, which says all the rest.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the card as JSON.")] = False,
    options: Mapping[str, Any],
) -> None:
    """Train weights on labelled pictures. Ctrl-C ends it early, so that it can go on with --resume."""
    from instantreact_sdk.cli.progress_bar import ProgressBar
    from instantreact_sdk.cli.stopping import stoppable
    from instantreact_sdk.cli.terminal import print_json
    from instantreact_sdk.training import train as teach

    if not resume and not data:
        problem = "Missing option '--data'; only --resume goes on without."
        raise InstantReactError("IR6003", problem=problem, command="instantreact-sdk train")
    saying = "Stopping, so that it can go on later. Ctrl-C once more ends it at once."
    try:
        with stoppable(saying) as stop, ProgressBar() as bar:
            card = teach(
                use,
                data,
                out=out,
                options=options,
                split=split,
                validation=validation,
                resume=resume,
                progress=bar,
                stop=stop,
            )
    except InstantReactError as error:
        if error.code != "IR7020":
            raise
        print(error, file=sys.stderr)  # noqa: T201  (as all errors, but for the exit code)
        raise typer.Exit(INTERRUPTED) from error
    if as_json:
        print_json({**card.to_json(), "weights": str(card.weights)})
    else:
        _tell(card, out)


def _tell(card: ModelCard, out: Path) -> None:
    from instantreact_sdk.cli.terminal import json_text, terminal

    console = terminal()
    for name, figure in card.metrics.items():
        console.print(f"{name:20} {figure:g}")
    console.print(f"{'weights':20} {card.weights}")
    run = shlex.quote(str(out))
    console.print("\nWhat next:")
    for command in (
        f"evaluate {card.component} --data {shlex.quote(str(card.data.get('name', 'DATASET')))} --weights {run}",
        f"detect PICTURE --use {card.component} --weights {run}",
        f"export {card.component} --weights {run} --out {run}/model.onnx",
    ):
        console.print(f"  instantreact-sdk {command}")
    options = f"{{weights: {json_text(str(out.resolve()))}}}"  # JSON is YAML, with no surprises in the quoting
    console.print(f"\nIn a pipeline file:\n  detectors:\n    trained: {{use: {card.component}, options: {options}}}")
