"""YOLO: a text file for each picture, a line ``class x y width height`` for each object, as fractions of the picture.

``x`` and ``y`` are the centre. A line with more numbers is an outline, ``class x1 y1 x2 y2 x3 y3 ...``, and its box is the one around it.
The names of the classes are in ``data.yaml`` (or ``classes.txt``, ``obj.names``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from instantreact_sdk.datasets.annotation import Annotation, Labelled, number
from instantreact_sdk.datasets.copying import copy_picture
from instantreact_sdk.datasets.form import Form
from instantreact_sdk.datasets.kinds import Problem
from instantreact_sdk.datasets.lists import read_list, write_list
from instantreact_sdk.datasets.pictures import ENDINGS, stored, turned
from instantreact_sdk.errors import InstantReactError

_NAMES = ("classes.txt", "obj.names")
_SPLITS = ("train", "val", "valid", "test")
_BOX = 5
"""Values of a line that is a box: class, centre, width and height."""
_FARTHEST = 100
"""Fractions beyond it are pixels, or mistakes."""
_TRIANGLE = 7
"""Values of the shortest line that is an outline."""


class Yolo(Form):
    """A folder in the form of YOLO: ``images/...`` beside ``labels/...``, or texts beside their pictures.

    A picture without a text has no objects. Numbers of classes that no file names are their own names.
    """

    name = "yolo"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        if not path.is_dir():
            raise self._wrong(path, "there is no such folder")

    def _wrong(self, path: Path, problem: str) -> InstantReactError:
        fix = "Name the folder that holds data.yaml, images and labels."
        return InstantReactError("IR7002", path=path, form="YOLO", problem=problem, fix=fix)

    @cached_property
    def _pictures(self) -> dict[str, list[str]]:
        """Paths of the pictures from the folder on, by path without ending."""
        found: dict[str, list[str]] = {}
        for folder, folders, files in os.walk(self.path):
            folders.sort()
            inside = os.path.relpath(folder, self.path)
            for file in sorted(files):
                path = file if inside == "." else f"{inside}/{file}"
                stem, ending = os.path.splitext(path)  # noqa: PTH122  (of a hundred thousand names)
                if ending.lower() in ENDINGS:
                    found.setdefault(stem, []).append(path)
        return found

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Paths of the pictures from the folder on, without their ending."""
        return tuple(sorted(self._pictures))

    @cached_property
    def _described(self) -> dict[str, Any]:
        """What ``data.yaml`` says, or nothing."""
        path = self.path / "data.yaml"
        if not path.is_file():
            return {}
        try:
            described = yaml.safe_load(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise self._wrong(path, error.strerror or str(error)) from error
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise self._wrong(path, "it is no YAML in UTF-8") from error
        if not isinstance(described, dict):
            raise self._wrong(path, "it says nothing by name")
        return described

    @cached_property
    def declared(self) -> tuple[str, ...] | None:
        """``names`` of ``data.yaml``, or the lines of ``classes.txt`` or ``obj.names``."""
        if (names := self._described.get("names")) is not None:
            return self._named(names)
        found = next((self.path / name for name in _NAMES if (self.path / name).is_file()), None)
        return tuple(read_list(found)) if found else None

    def _named(self, names: Any) -> tuple[str, ...]:
        path = self.path / "data.yaml"
        if isinstance(names, dict):
            if set(names) != set(range(len(names))):
                raise self._wrong(path, "the numbers of its names do not count from 0")
            names = [names[place] for place in range(len(names))]
        if not isinstance(names, list):
            raise self._wrong(path, "its names are no list")
        known: set[str] = set()
        for place, name in enumerate(names):
            if not isinstance(name, str | int | float):
                raise self._wrong(path, f"its name number {place} is no text")
            if str(name) in known:
                raise self._wrong(path, f"its name {name!r} is there twice")
            known.add(str(name))
        if self._described.get("nc") not in (None, len(names)):
            raise self._wrong(path, f"it names {len(names)} classes, and nc says another number")
        return tuple(str(name) for name in names)

    @property
    def folder(self) -> Path:
        """The folder itself."""
        return self.path

    def picture(self, name: str) -> Path:
        """The file with whatever ending is there."""
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise InstantReactError("IR7004", path=name, problem="its name leads out of the dataset")
        return self.path / self._pictures.get(name, [f"{name}.jpg"])[0]

    def _text(self, name: str) -> Path:
        """The text of a picture: the last ``images`` of its path becomes ``labels``, as everywhere in this form."""
        *folders, stem = PurePosixPath(name).parts
        if "images" in folders:
            last = len(folders) - 1 - folders[::-1].index("images")
            folders[last] = "labels"
        return self.path.joinpath(*folders, f"{stem}.txt")

    def annotation(self, name: str) -> Annotation:
        """The lines of its text, and the picture's size, without which they mean nothing."""
        size = turned(*stored(self.picture(name)))
        path = self._text(name)
        lines = read_list(path) if path.is_file() else []
        try:
            objects = tuple(self._labelled(place, line, size) for place, line in enumerate(lines, 1))
        except ValueError as error:
            raise InstantReactError("IR7005", path=path, problem=error) from error
        return Annotation(path, size, objects, name)

    def _labelled(self, place: int, line: str, size: tuple[int, int]) -> Labelled:
        where = f"line {place}"
        try:
            which, *values = (number(value) for value in line.split())
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
        if len(values) + 1 != _BOX and (len(values) + 1 < _TRIANGLE or len(values) % 2):
            raise ValueError(f"{where} has {len(values) + 1} values, and has to have {_BOX}")
        if any(abs(value) > _FARTHEST for value in values):
            raise ValueError(f"{where} has values that are no fractions of the picture")
        if which != int(which) or which < 0:
            raise ValueError(f"{where}: {which:g} is no number of a class")
        x_min, y_min, x_max, y_max = _around(values)
        quirks = {}
        if x_min >= x_max or y_min >= y_max:
            quirks["degenerate-box"] = f"({' '.join(line.split()[1:_BOX])}) has no extent"
            x_max, y_max = max(x_min, x_max), max(y_min, y_max)
        known = self.declared
        name = str(int(which))
        if known is not None and which < len(known):
            name = known[int(which)]
        elif known is not None:
            quirks["unknown-class"] = f"there is no class number {name}: {len(known)} are named"
        width, height = size
        box = (x_min * width, y_min * height, x_max * width, y_max * height)
        return Labelled(where, name, box, difficult=False, crowd=False, area=None, quirks=quirks, raw=line)

    def strays(self) -> Iterator[Problem]:
        """Pictures of one name, and texts without a picture."""
        for files in self._pictures.values():
            for file in files[1:]:
                yield Problem("duplicate-id", self.path / file, "", f"{files[0]} has the same name and labels")
        wanted = {self._text(name) for name in self.ids}
        for path in sorted(self.path.rglob("labels/**/*.txt")):
            if path not in wanted and path.name != "classes.txt":
                yield Problem("missing-picture", path, "", "there is no picture of this name")

    @property
    def lists(self) -> Path:
        """The folder itself."""
        return self.path

    def splits(self) -> dict[str, Path]:
        """What ``data.yaml`` names, or else ``train.txt`` and its like: folders of pictures, or lists of them."""
        named = {split: self._described.get(split) for split in _SPLITS}
        for split, value in named.items():
            if not isinstance(value, str | None):
                raise self._wrong(self.path / "data.yaml", f"its {split} has to be one path")
        found = {split: self._found(value) for split, value in named.items() if value}
        files = {split: self.path / f"{split}.txt" for split in _SPLITS}
        there = {split: file for split, file in files.items() if file.is_file()}
        return {**there, **{split: path for split, path in found.items() if path}}

    def _found(self, value: str) -> Path | None:
        """Inside the folder, whatever machine the file was written on: ``../train/images`` and ``/content/...`` are common."""
        parts = [part for part in PurePosixPath(value).parts if part not in {"..", "/", "."}]
        for first in range(len(parts)):
            path = self.path.joinpath(*parts[first:])
            if path.exists():
                return path
        return None

    def listed(self, split: Path) -> list[str]:
        """All pictures below a folder, or those whose paths a file lists."""
        if split.is_dir():
            inside = f"{split.relative_to(self.path).as_posix()}/"
            return [name for name in self.ids if name.startswith(inside)]
        return [self._inside(PurePosixPath(line).with_suffix("").parts) for line in read_list(split)]

    def _inside(self, parts: tuple[str, ...]) -> str:
        """The id that the path ends in, for lists often have the paths of another machine."""
        tails = ("/".join(parts[first:]) for first in range(len(parts)))
        return next((tail for tail in tails if tail in self._pictures), "/".join(parts))

    def write(self, out: Path, kept: Iterable[tuple[str, Annotation]]) -> None:
        """Pictures and texts where they were, and ``data.yaml`` with the names."""
        for name, annotation in kept:
            picture = self.picture(name).relative_to(self.path)
            copy_picture(self.path / picture, out / picture)
            text = self._text(name).relative_to(self.path)
            assert annotation.size
            write_list(out / text, [self._line(item, annotation.size) for item in annotation.objects])
        names = list(self.classes)
        write_list(out / "data.yaml", yaml.safe_dump({"path": ".", "names": names}, allow_unicode=True).splitlines())

    def _line(self, item: Labelled, size: tuple[int, int]) -> str:
        if not item.quirks and item.box == self._labelled(1, item.raw, size).box:
            return str(item.raw)
        x_min, y_min, x_max, y_max = item.box
        width, height = size
        centre = ((x_min + x_max) / 2 / width, (y_min + y_max) / 2 / height)
        values = (*centre, (x_max - x_min) / width, (y_max - y_min) / height)
        return " ".join((str(self.classes.index(item.name)), *(f"{value:.9g}" for value in values)))

    def copied(self, out: Path) -> Path:
        """The folder itself."""
        return out

    def line(self, name: str) -> str:
        """The path of the picture, as other programs expect it."""
        return f"./{self.picture(name).relative_to(self.path).as_posix()}"


def _around(values: list[float]) -> tuple[float, float, float, float]:
    """The box of a line, as fractions."""
    if len(values) == _BOX - 1:
        x, y, width, height = values
        return x - width / 2, y - height / 2, x + width / 2, y + height / 2
    return min(values[::2]), min(values[1::2]), max(values[::2]), max(values[1::2])
