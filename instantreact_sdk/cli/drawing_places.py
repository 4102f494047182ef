"""Where ``detect`` draws: never over what it looks at, nor over anything that nobody named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed

MARK = ".detected"
"""In the name of each drawing, before its ending."""
_WRITTEN = {".png": (".png", ".jpg", ".jpeg"), ".mp4": (".mp4",)}
"""What a drawing may end in, by how it ends where nothing is said."""


def drawing_places(inputs: Sequence[Path], names: Sequence[str], ending: str, out: Path | None) -> list[Path]:
    """One place for each drawing.

    Args:
        inputs: Files that are looked at.
        names: What the drawings are to be called, without folder and ending.
        ending: Of the drawings, ``.png``.
        out: The file for one drawing, or the folder for all; None for this folder, where nothing is replaced.

    Raises:
        InstantReactError: IR6003, a drawing would take the place of what is looked at, or cannot be what its name says.
    """
    if out and len(names) == 1 and not out.is_dir():
        if out.suffix.lower() not in ("", *_WRITTEN[ending]) or (out.exists() and not (out.is_file() and out.suffix)):
            raise _mistake(
                f"{out} cannot be drawn to: name a file that ends in {listed(_WRITTEN[ending])}, or a folder."
            )
        places = [out if out.suffix else out.with_name(f"{out.name}{ending}")]
    else:
        places = list(_called(names, ending, out or Path(), replace=out is not None))
    own = {path.resolve() for path in inputs}
    for place in places:
        if place.resolve() in own:
            raise _mistake(f"{place} is looked at, and a drawing would take its place.")
    return places


def _mistake(problem: str) -> InstantReactError:
    return InstantReactError("IR6003", problem=problem, command="instantreact-sdk detect")


def _called(names: Sequence[str], ending: str, folder: Path, *, replace: bool) -> Iterator[Path]:
    taken: set[str] = set()
    for name in names:
        place, number = folder / f"{name}{MARK}{ending}", 1
        while place.name.casefold() in taken or (not replace and place.exists()):
            number += 1
            place = folder / f"{name}-{number}{MARK}{ending}"
        taken.add(place.name.casefold())
        yield place
