"""Pictures that nobody has labelled yet, somewhere below a folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from instantreact_sdk.datasets.pictures import ENDINGS

_AWKWARD = re.compile(r'[\s\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff/\\:*?"<>|]+')
"""What lists of pictures, XML, terminals or other systems' file names cannot hold."""
_LONGEST = 200
"""Bytes: file names have 255 at the most, with an ending and a number."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """One picture.

    Attributes:
        path: Its file.
        name: What it may be called in a dataset, where all pictures lie in one folder: like no other, in whichever case.
        original: Where it lies below the folder, for people.
    """

    path: Path
    name: str
    original: str


def photographs(folder: Path) -> list[Photograph]:
    """All pictures in a folder and below it, in the order of their paths; hidden ones are left out.

    A picture is called by the folders that it lies in and its name, so that what they tell (the camera, the day) is not lost.
    """
    found = []
    taken: set[str] = set()
    for path in _pictures(folder):
        original = path.relative_to(folder)
        wanted = _AWKWARD.sub("_", normalize("NFC", str(original.with_suffix(""))))
        wanted = wanted.encode()[-_LONGEST:].decode(errors="ignore")
        name, number = wanted, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted}_{number}"
        taken.add(name.casefold())
        found.append(Photograph(path, name, os.fsencode(original).decode("utf-8", "replace")))
    return found


def _pictures(folder: Path) -> list[Path]:
    found = []
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(root, name) for name in files if not name.startswith(".")]
    return sorted(path for path in found if path.suffix.lower() in ENDINGS)
