"""What the files of a dataset say about one picture, before anything is made of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Box = tuple[float, float, float, float]
"""Edges in pixels: x_min, y_min, x_max, y_max, as in `Objects.boxes`."""

_FARTHEST = 1e9


@dataclass(frozen=True, slots=True)
class Labelled:
    """One object, as its file has it.

    Attributes:
        place: Where it stands in the file: ``object 3``, ``line 2``, ``annotation 17``.
        name: Its class.
        box: Edges in pixels, wherever they lie.
        difficult: Whether it is neither asked for nor wrong to find; None where the file has to say so and does not.
        crowd: Whether it is a group (COCO).
        area: Square pixels of its outline, where the file says so (COCO).
        quirks: What is odd about how it is written, kind by kind of `KINDS`: for people, in words.
        raw: The element, dictionary or line that it was read from.
    """

    place: str
    name: str
    box: Box
    difficult: bool | None
    crowd: bool
    area: float | None
    quirks: Mapping[str, str]
    raw: Any

    @property
    def degenerate(self) -> bool:
        """Whether its box has no extent: nothing can be learned from it, and nothing can find it."""
        return "degenerate-box" in self.quirks


@dataclass(frozen=True, slots=True)
class Annotation:
    """All that the files say about one picture.

    Attributes:
        path: The file that says it.
        size: Width and height of the picture in pixels; None where the file does not say.
        objects: In the file's order.
        raw: What it was read from.
    """

    path: Path
    size: tuple[int, int] | None
    objects: tuple[Labelled, ...]
    raw: Any


def number(value: Any) -> float:
    """A number that can be a place in a picture.

    Raises:
        ValueError: It is none; in words.
    """
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    python_alone = isinstance(value, str) and (
        "_" in value or not value.isascii()
    )  # as 1_0, and digits of other scripts
    if isinstance(value, bool) or python_alone or math.isnan(found):
        raise ValueError(f"{str(value)[:40]!r} is no number")
    if abs(found) > _FARTHEST:
        raise ValueError(f"{str(value)[:40]} is no place in a picture")
    return found


def shown(numbers: Box) -> str:
    """For messages: ``(504, 337, 504.5, 337)``."""
    return f"({', '.join(f'{value:.7g}' for value in numbers)})"
