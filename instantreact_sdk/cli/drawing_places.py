"""Where ``detect`` draws: never over what it looks at, nor over anything that nobody named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from instantreact_sdk.errors import InstantReactError

MARK = ".detected"
"""In the name of each drawing, before its ending."""


def drawing_places(inputs: Sequence[Path], names: Sequence[str], ending: str, out: Path | None) -> list[Path]:
    """One place for each drawing.

    Args:
        inputs: Files that are looked at.
        names: What the drawings are to be called, without folder and ending.
        ending: Of the drawings, ``.png``.
        out: The file for one drawing, or the folder for all; None for this folder, where nothing is replaced.

    Raises:
        InstantReactError: IR6003, a drawing would take the place of what is looked at.
    """
    if out and len(names) == 1 and not out.is_dir():
        places = [out if out.suffix else out.with_name(f"{out.name}{ending}")]
    else:
        places = list(_called(names, ending, out or Path(), replace=out is not None))
    own = {path.resolve() for path in inputs}
    for place in places:
        if place.resolve() in own:
            problem = f"{place} is looked at, and a drawing would take its place."
            raise InstantReactError("IR6003", problem=problem, command="instantreact-sdk detect")
    return places


def _called(names: Sequence[str], ending: str, folder: Path, *, replace: bool) -> Iterator[Path]:
    taken: set[str] = set()
    for name in names:
        place, number = folder / f"{name}{MARK}{ending}", 1
        while place.name.casefold() in taken or (not replace and place.exists()):
            number += 1
            place = folder / f"{name}-{number}{MARK}{ending}"
        taken.add(place.name.casefold())
        yield place
