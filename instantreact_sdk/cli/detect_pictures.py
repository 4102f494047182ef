"""Pictures through a detector, drawn and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from instantreact_sdk.cli.drawing_places import MARK, drawing_places
from instantreact_sdk.cli.progress_bar import ProgressBar
from instantreact_sdk.cli.terminal import print_json, terminal
from instantreact_sdk.datasets.pictures import ENDINGS
from instantreact_sdk.errors import InstantReactError


def pictures_in(inputs: Sequence[str]) -> list[Path] | None:
    """The pictures that were named, and those in the folders that were, in the order of their names but for drawings of ``detect``; None
    where a video was named.

    Raises:
        InstantReactError: IR3001, a file is not there; IR6003, a folder has no pictures, or a video is not the only input.
    """
    found: list[Path] = []
    for name in inputs:
        path = Path(name)
        if path.is_dir():
            pictures = sorted(each for each in path.iterdir() if each.suffix.lower() in ENDINGS)
            inside = [each for each in pictures if not each.stem.endswith(MARK)]
            if not inside:
                raise _mistake(f"There are no pictures in {path}.")
            found += inside
        elif path.suffix.lower() in ENDINGS and "://" not in name:
            if not path.exists():
                raise InstantReactError("IR3001", path=path)
            found.append(path)
        elif len(inputs) > 1:
            raise _mistake(f"{name} is no picture and no folder of pictures; a video has to be the only input.")
        else:
            return None
    return found


def _mistake(problem: str) -> InstantReactError:
    return InstantReactError("IR6003", problem=problem, command="instantreact-sdk detect")


def detect_in_pictures(
    use: str, pictures: Sequence[Path], options: Mapping[str, Any], out: Path | None, *, as_json: bool
) -> None:
    """Draw and print what a detector finds.

    Args:
        use: The detector.
        pictures: Files.
        options: Of the detector.
        out: The file to draw to, for one picture, or a folder; None for this one, or nowhere where JSON is printed.
        as_json: Whether JSON is printed, instead of a table.

    Raises:
        InstantReactError: As `instantreact_sdk.detect`; IR4020, a drawing cannot be written; IR6003, one would take the place of a
            picture.
    """
    from instantreact_sdk.report.contact_sheet import write_picture
    from instantreact_sdk.report.drawing import draw
    from instantreact_sdk.training import detect

    places: Sequence[Path | None] = [None] * len(pictures)
    if out is not None or not as_json:
        places = drawing_places(pictures, [each.stem for each in pictures], ".png", out)
    told: list[dict[str, Any]] = []
    broken: BaseException | None = None
    try:
        with ProgressBar() as bar:
            found = detect(use, pictures, options=options, progress=bar)
            for place, (image, seen) in zip(places, found, strict=True):
                if place:
                    write_picture(place, draw(image, [seen]))
                told.append(
                    {
                        "picture": seen.source,
                        "width": image.shape[1],
                        "height": image.shape[0],
                        "objects": objects(seen.line()["data"]),
                    }
                )
    except (InstantReactError, KeyboardInterrupt) as error:
        broken = error
    if told or not broken:  # also what was found until the work broke off
        _tell(told, [place for place in places[: len(told)] if place], as_json=as_json)
    if broken:
        raise broken


def _tell(told: Sequence[Mapping[str, Any]], drawn: Sequence[Path], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    shown = terminal()
    shown.print(_table(told))
    shown.print(f"\nDrawn: {drawn[0]}" if len(drawn) == 1 else f"\nDrawn: {len(drawn)} pictures in {drawn[0].parent}")


def objects(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Detections as one mapping an object, surest first; boxes are fractions of the picture.

    Args:
        data: Of a line of ``observations.jsonl``.
    """
    rows = zip(data["labels"], data["scores"], data["boxes"], strict=True)
    return [{"label": label, "score": score, "box": box} for label, score, box in sorted(rows, key=lambda row: -row[1])]


def _table(told: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("picture", "label", "score", "left", "top", "width", "height"):
        table.add_column(name, justify="left" if name in ("picture", "label") else "right")
    for each in told:
        width, height = each["width"], each["height"]
        for found in each["objects"]:
            left, top, right, bottom = found["box"]
            sides = (left * width, top * height, (right - left) * width, (bottom - top) * height)
            table.add_row(each["picture"], found["label"], f"{found['score']:.2f}", *(f"{side:.0f}" for side in sides))
        if not each["objects"]:
            table.add_row(each["picture"], "nothing")
    return table
