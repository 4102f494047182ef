"""Pictures through a detector, drawn and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from instantreact_sdk.cli.progress_bar import ProgressBar
from instantreact_sdk.cli.terminal import print_json, terminal
from instantreact_sdk.datasets.pictures import ENDINGS
from instantreact_sdk.errors import InstantReactError


def pictures_in(inputs: Sequence[str]) -> list[Path] | None:
    """The pictures among what was named, those of folders in the order of their names; None where something is a video.

    Raises:
        InstantReactError: IR6003, a folder has no pictures.
    """
    found: list[Path] = []
    for name in inputs:
        path = Path(name)
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.suffix.lower() in ENDINGS)
            if not inside:
                raise InstantReactError(
                    "IR6003", problem=f"There are no pictures in {path}.", command="instantreact-sdk detect"
                )
            found += inside
        elif path.suffix.lower() in ENDINGS and "://" not in name:
            found.append(path)
        else:
            return None
    return found


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
        InstantReactError: As `instantreact_sdk.detect`; IR4020, a drawing cannot be written.
    """
    from instantreact_sdk.report.contact_sheet import write_picture
    from instantreact_sdk.report.drawing import draw
    from instantreact_sdk.training import detect

    places = [None] * len(pictures) if as_json and out is None else [*_places(pictures, out)]
    told: list[dict[str, Any]] = []
    with ProgressBar() as bar:
        found = detect(use, pictures, options=options, progress=bar)
        for place, (image, seen) in zip(places, found, strict=True):
            told.append(
                {
                    "picture": seen.source,
                    "width": image.shape[1],
                    "height": image.shape[0],
                    "objects": objects(seen.line()["data"]),
                }
            )
            if place:
                write_picture(place, draw(image, [seen]))
    if as_json:
        print_json(told)
        return
    shown = terminal()
    shown.print(_table(told))
    where = [place for place in places if place]
    shown.print(f"\nDrawn: {where[0]}" if len(where) == 1 else f"\nDrawn: {len(where)} pictures in {where[0].parent}")


def objects(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Detections as one mapping an object, surest first; boxes are fractions of the picture.

    Args:
        data: Of a line of ``observations.jsonl``.
    """
    rows = zip(data["labels"], data["scores"], data["boxes"], strict=True)
    return [{"label": label, "score": score, "box": box} for label, score, box in sorted(rows, key=lambda row: -row[1])]


def _places(pictures: Sequence[Path], out: Path | None) -> Iterator[Path]:
    if out and len(pictures) == 1 and not out.is_dir():
        yield out if out.suffix else out.with_suffix(".png")
        return
    seen: Counter[str] = Counter()
    for picture in pictures:
        seen[picture.stem] += 1
        number = f"-{seen[picture.stem]}" if seen[picture.stem] > 1 else ""
        yield (out or Path()) / f"{picture.stem}{number}.detected.png"


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
