"""``instantreact-sdk data``: labelled pictures, before anything is trained on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from instantreact_sdk.datasets import Dataset

Result = TypeVar("Result")

_PRELABEL = "prelabel"


class _Data(TyperGroup):
    """The group, with one command whose flags depend on the detector that its words name."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Those below, and that one."""
        return [*super().list_commands(ctx), _PRELABEL]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Of that one, what help lists."""
        if cmd_name == _PRELABEL:
            return TyperCommand(name=_PRELABEL, help="Let a detector label photographs, to be corrected by people.")
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """That one, made for the words that follow it."""
        name, *words = args
        if name != _PRELABEL:
            return super().resolve_command(ctx, args)
        from instantreact_sdk.cli.prelabel import command_for
        from instantreact_sdk.cli.root import as_command, tailored

        return name, as_command(name, tailored(command_for, words, ctx.resilient_parsing)), words


app = typer.Typer(
    cls=_Data, help="Check, split and look at labelled pictures; make first labels.", no_args_is_help=True
)

_Address = Annotated[
    str,
    typer.Argument(
        help="voc:FOLDER, coco:FILE.json or yolo:FOLDER; the path alone where its form is plain.",
        metavar="DATASET",
        show_default=False,
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
_Classes = Annotated[
    str | None, typer.Option(help="The classes there are, as person,car; without it those that the dataset lists.")
]


@app.command()
def check(
    address: _Address,
    *,
    classes: _Classes = None,
    fix: Annotated[
        Path | None, typer.Option(help="Write a mended copy into this new folder; the dataset is left as it is.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Name every file, not the first of each kind.")] = False,
    as_json: _Json = False,
) -> None:
    """Name every file and object that is wrong. Exit code 1 where one is, in the copy where `--fix` makes one.

    Decodes every picture. Pictures are nearly the same where their difference hashes of 256 bits differ in at most 32.
    """
    from instantreact_sdk.cli.data_tables import print_findings
    from instantreact_sdk.cli.terminal import print_json
    from instantreact_sdk.datasets import check, mend

    dataset = _opened(address, classes)
    findings = _counted(lambda progress: check(dataset, progress=progress))
    copy = None
    if fix:
        mended = mend(dataset, fix, classes=findings.classes)
        copy = _counted(lambda progress: check(mended, progress=progress))
    if as_json:
        print_json(findings.to_json() | ({"copy": copy.to_json()} if copy else {}))
    else:
        print_findings(findings, copy, everything=everything)
    if not (copy or findings).ok:
        raise typer.Exit(1)


@app.command()
def split(
    address: _Address,
    *,
    by: Annotated[str, typer.Option(help="What is never parted: random (nothing), folder or camera.")] = "random",
    camera: Annotated[
        str | None,
        typer.Option(
            help="A pattern that finds the camera in a picture's path; else it is what the name says before date, time or number."
        ),
    ] = None,
    shares: Annotated[str, typer.Option(help="Splits and their proportions.")] = "train=8,val=1,test=1",
    seed: Annotated[int, typer.Option(help="The same seed gives the same splits.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option(help="The folder for the lists.", show_default="where the dataset keeps them"),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Share pictures out by lists, so that pictures that are nearly the same are in one split. Decodes every picture."""
    from instantreact_sdk.cli.terminal import print_json
    from instantreact_sdk.datasets import split_groups

    if by not in {"random", "folder", "camera"}:
        raise typer.BadParameter(f"{by!r} is none of random, folder and camera", param_hint="--by")
    dataset = _opened(address)
    parts = _proportions(shares)
    lists = _counted(
        lambda progress: split_groups(
            dataset,
            by="random" if by == "random" else "folder" if by == "folder" else "camera",
            camera=camera,
            shares=parts,
            seed=seed,
            progress=progress,
        )
    )
    folder = out or dataset.form.lists
    dataset.form.write_lists(folder, lists)
    counts = {name: len(ids) for name, ids in lists.items()}
    if as_json:
        print_json({"lists": {name: str(folder / f"{name}.txt") for name in lists}, "pictures": counts})
        return
    for name, count in counts.items():
        typer.echo(f"{folder / name}.txt  {count} pictures")


@app.command()
def preview(
    address: _Address,
    *,
    out: Annotated[Path, typer.Option(help="The picture to write, a PNG.")] = Path("preview.png"),
    part: Annotated[str | None, typer.Option("--split", help="Only of this split.")] = None,
    count: Annotated[int, typer.Option(min=1, max=400, help="How many pictures.")] = 16,
    seed: Annotated[int, typer.Option(help="Another seed shows other pictures.")] = 0,
) -> None:
    """Draw some pictures with their boxes and labels on one sheet. Needs the extra `report`, too."""
    from instantreact_sdk.datasets.dataset import by_chance
    from instantreact_sdk.report.contact_sheet import contact_sheet, write_picture

    dataset = _opened(address)
    dataset = dataset.split(part) if part else dataset
    order = sorted(range(len(dataset)), key=lambda place: by_chance(dataset.ids[place], seed))
    samples = [dataset[place] for place in sorted(order[:count])]
    tiles = ((sample.image(), [(item.name, item.box) for item in sample.annotation().objects]) for sample in samples)
    write_picture(out, contact_sheet(tiles))
    typer.echo(f"{out} shows {len(samples)} of {len(dataset)} pictures.")


def _opened(address: str, classes: str | None = None) -> Dataset:
    from instantreact_sdk.datasets import open_dataset

    names = [name.strip() for name in classes.split(",") if name.strip()] if classes else None
    return open_dataset(address, classes=names)


def _proportions(shares: str) -> dict[str, float]:
    parts: dict[str, float] = {}
    for share in shares.split(","):
        name, _, value = (piece.strip() for piece in share.partition("="))
        if not name.isidentifier() or name in parts or not value.replace(".", "", 1).isdecimal() or not float(value):
            raise typer.BadParameter(f"{share!r} is no NAME=SHARE, as train=8", param_hint="--shares")
        parts[name] = float(value)
    return {name: value / sum(parts.values()) for name, value in parts.items()}


def _counted(work: Callable[[Callable[[int, int], None]], Result]) -> Result:
    """Do something with a bar on stderr, where somebody looks at it."""
    from rich.progress import Progress

    from instantreact_sdk.cli.terminal import Terminal

    console = Terminal(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("looking at pictures", total=None)
        return work(lambda done, count: bars.update(bar, completed=done, total=count))
