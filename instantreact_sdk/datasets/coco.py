"""COCO: one JSON file with the lists ``images``, ``annotations`` and ``categories``.

Its boxes are ``[x, y, width, height]`` in pixels, measured from the corner of the picture: as edges ``(x, y, x + width,
y + height)``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from instantreact_sdk.datasets.annotation import Annotation, Labelled, number, shown
from instantreact_sdk.datasets.coco_index import PARTS, CocoIndex, indexed
from instantreact_sdk.datasets.copying import copy_picture
from instantreact_sdk.datasets.form import Form
from instantreact_sdk.datasets.kinds import Problem
from instantreact_sdk.datasets.lists import read_list
from instantreact_sdk.datasets.pictures import there
from instantreact_sdk.errors import InstantReactError


class Coco(Form):
    """A JSON file in the form of COCO, read whole when something of it is first asked for.

    Its pictures lie in a folder beside it or up to two folders above: in ``images``, in ``JPEGImages``, in one with the
    file's own name without ``instances_`` (``train2017``), or right there.
    """

    name = "coco"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        if not path.is_file():
            raise self._wrong("there is no such file")

    def _wrong(self, problem: str) -> InstantReactError:
        fix = f"It has to be a JSON file with the lists {', '.join(PARTS)}."
        return InstantReactError("IR7002", path=self.path, form="COCO", problem=problem, fix=fix)

    @cached_property
    def _index(self) -> CocoIndex:
        try:
            whole = json.loads(self.path.read_bytes())
        except OSError as error:
            raise self._wrong(error.strerror or str(error)) from error
        except (ValueError, RecursionError) as error:
            raise self._wrong(f"it is no JSON in UTF-8 ({error})") from error
        try:
            return indexed(whole)
        except ValueError as error:
            raise self._wrong(str(error)) from None

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """File names of the pictures."""
        return tuple(sorted(self._index.images))

    @cached_property
    def declared(self) -> tuple[str, ...]:
        """Names of the categories, in the order of their numbers."""
        return tuple(self._index.classes.values())

    @cached_property
    def folder(self) -> Path:
        """The first of the places that holds the first picture; the folder of the file where none does."""
        first = next(iter(self._index.images), "")
        names = ("images", "JPEGImages", self.path.stem.removeprefix("instances_"), "")
        for parent in self.path.resolve().parents[:3]:
            for name in names:
                if first and there(parent / name / first):
                    return parent / name
        return self.path.parent

    def picture(self, name: str) -> Path:
        """Where its ``file_name`` leads, from the folder of the pictures."""
        if "\0" in name:
            raise InstantReactError("IR7004", path=name, problem="no file can have that name")
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise InstantReactError("IR7004", path=name, problem="its name leads out of the dataset")
        return self.folder / name

    def annotation(self, name: str) -> Annotation:
        """Its entry of ``images``, and those of ``annotations`` that name it."""
        index = self._index
        image = index.images.get(name)
        if image is None:
            raise InstantReactError("IR7005", path=self.path, problem=f"it has no picture {name!r}")
        try:
            width, height = (number(image.get(side) or 0) for side in ("width", "height"))
            objects = tuple(_labelled(place, item, index) for place, item in index.annotations.get(image["id"], ()))
        except ValueError as error:
            raise InstantReactError("IR7005", path=self.path, problem=f"{name}: {error}") from error
        size = (int(width), int(height)) if width >= 1 and height >= 1 else None
        return Annotation(self.path, size, objects, image)

    def strays(self) -> Iterator[Problem]:
        """Pictures that are not there, and numbers that are there twice or point nowhere."""
        for place, detail in self._index.doubles:
            yield Problem("duplicate-id", self.path, place, detail)
        for place, detail in self._index.ghosts:
            yield Problem("missing-picture", self.path, place, detail)
        for name in self.ids:
            try:
                picture = self.picture(name)
            except InstantReactError:
                continue  # told where it is looked at
            if not there(picture):
                yield Problem("missing-picture", self.path, "", f"there is no picture {name} in {self.folder}")

    @property
    def lists(self) -> Path:
        """A folder beside the file: ``splits`` and its name."""
        return self.path.parent / f"splits_{self.path.stem}"

    def listed(self, split: Path) -> list[str]:
        """Lines are file names, which may have spaces."""
        return read_list(split)

    def write(self, out: Path, kept: Iterable[tuple[str, Annotation]]) -> None:
        """The pictures in ``images``, and the file with all that the SDK does not read."""
        images, annotations = [], []
        for name, annotation in kept:
            copy_picture(self.picture(name), out / "images" / name)
            assert annotation.size
            width, height = annotation.size
            images.append({**annotation.raw, "width": width, "height": height})
            annotations += [_entry(item) for item in annotation.objects]
        whole = {**self._index.whole, "images": images, "annotations": annotations}
        try:
            self.copied(out).write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
        except OSError as error:
            raise InstantReactError("IR4020", path=self.copied(out), problem=error.strerror or error) from error

    def copied(self, out: Path) -> Path:
        """The file of the same name in it."""
        return out / self.path.name


def _labelled(place: int, item: dict[str, Any], index: CocoIndex) -> Labelled:
    where = f"annotations[{place}]"
    box = item.get("bbox")
    if not isinstance(box, list) or len(box) != 4:  # noqa: PLR2004  (x, y, width, height)
        raise ValueError(f"{where} has no bbox of four numbers")
    try:
        x, y, width, height = (number(value) for value in box)
        area = None if item.get("area") is None else number(item["area"])
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    category = item.get("category_id")
    name = index.classes.get(category) if isinstance(category, int) else None
    quirks = {}
    if width <= 0 or height <= 0:
        quirks["degenerate-box"] = f"{shown((x, y, width, height))} has no extent"
    if name is None:
        quirks["unknown-class"] = f"there is no category {category!r}"
    edges = (x, y, x + max(width, 0.0), y + max(height, 0.0))
    for flag in ("iscrowd", "ignore"):
        if item.get(flag) not in (None, 0, 1):
            raise ValueError(f"{where}: {flag} is neither 0 nor 1")
    said = bool(item.get("ignore"))
    area = area if area is None or area >= 0 else None
    return Labelled(where, name or str(category), edges, said, bool(item.get("iscrowd")), area, quirks, item)


def _entry(item: Labelled) -> dict[str, Any]:
    """Its entry as it was; where its box changed without its outline, which then fits no longer and goes."""
    x, y, width, height = (float(value) for value in item.raw["bbox"])
    if item.box == (x, y, x + width, y + height):
        return dict(item.raw)
    x_min, y_min, x_max, y_max = item.box
    width, height = x_max - x_min, y_max - y_min
    kept = {key: value for key, value in item.raw.items() if key != "segmentation"}
    return {**kept, "bbox": [x_min, y_min, width, height], "area": width * height}
