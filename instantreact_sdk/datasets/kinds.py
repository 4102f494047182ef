"""What can be wrong with a dataset."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem.

    Attributes:
        what: What it means, in a few words.
        mended: What becomes of it in a mended copy.
        wrong: Whether a dataset with it is not in order; otherwise it is a note.
    """

    what: str
    mended: str
    wrong: bool = True


_OUT = "left out"

KINDS = {
    "unreadable-picture": Kind("a picture cannot be decoded", _OUT),
    "unreadable-annotation": Kind("an annotation cannot be read", _OUT),
    "missing-picture": Kind("an annotation or a list names a picture that is not there", _OUT),
    "missing-annotation": Kind("a picture has no annotation", _OUT),
    "duplicate-id": Kind("one name or number for several things", "the first is kept"),
    "size-mismatch": Kind("the annotation gives another size than the picture has", "boxes scaled, or left out"),
    "turned-boxes": Kind(
        "the boxes are those of the picture as stored, and EXIF turns it", "boxes turned with the picture"
    ),
    "degenerate-box": Kind("a box has no extent", "object left out"),
    "outside-box": Kind("a box reaches out of the picture", "cut off at the edge"),
    "zero-based-box": Kind("a box starts at 0, where VOC counts from 1", "counted from 1"),
    "float-box": Kind("an edge is not written as a whole number, as VOC's are", "rounded"),
    "unknown-class": Kind(
        "a class that is not in the list, or spelled in two ways", "spelled as the others, or left out"
    ),
    "missing-difficult": Kind("it is not said whether an object is difficult", "taken for not difficult"),
    "near-duplicate": Kind("nearly the same picture in two splits", "both in the first of the splits"),
    "no-objects": Kind("a picture without objects: background", "kept", wrong=False),
    "unsure-turn": Kind("EXIF turns the picture, and sizes cannot tell whether boxes too", "kept", wrong=False),
}
"""Every kind by name, in the order in which people should look at them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or worth a note.

    Attributes:
        kind: Of `KINDS`.
        file: Where it is.
        place: Which object in the file; empty where it is the whole file.
        detail: What was found, in words.
    """

    kind: str
    file: Path
    place: str
    detail: str
