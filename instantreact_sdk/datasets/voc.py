"""Pascal VOC: a folder with ``JPEGImages``, ``Annotations`` (one XML each) and ``ImageSets/Main``.

Everingham et al., *The PASCAL Visual Object Classes Challenge 2012 Development Kit*: a box names its first and last pixel,
counted from 1, both inside. As edges it is ``(xmin - 1, ymin - 1, xmax, ymax)``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from instantreact_sdk.datasets.annotation import Annotation, Box, Labelled, number, shown
from instantreact_sdk.datasets.form import Form
from instantreact_sdk.datasets.kinds import Problem
from instantreact_sdk.datasets.lists import read_list, write_list
from instantreact_sdk.datasets.needed import needed
from instantreact_sdk.datasets.pictures import ENDINGS
from instantreact_sdk.datasets.voc_writing import EDGES, whole_pixels, write_labelled
from instantreact_sdk.errors import InstantReactError

_MOST_BYTES = 16 << 20
"""Of the annotation of one picture; the largest real ones have some 100 kB."""


class Voc(Form):
    """A folder in the form of Pascal VOC.

    A file ``classes.txt`` in it may list the classes; without it they are those of all objects, sorted.
    """

    name = "voc"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        if not (path / "Annotations").is_dir():
            raise InstantReactError(
                "IR7002",
                path=path,
                form="VOC",
                problem="it has no folder Annotations" if path.is_dir() else "there is no such folder",
                fix="Name the folder that holds JPEGImages and Annotations.",
            )

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Names of the annotations without their ending."""
        names = _names(self.path / "Annotations")
        return tuple(name.removesuffix(".xml") for name in names if name.endswith(".xml"))

    @cached_property
    def declared(self) -> tuple[str, ...] | None:
        """The lines of ``classes.txt``."""
        file = self.path / "classes.txt"
        return tuple(read_list(file)) if file.is_file() else None

    @property
    def folder(self) -> Path:
        """``JPEGImages``."""
        return self.path / "JPEGImages"

    @cached_property
    def _pictures(self) -> dict[str, list[str]]:
        """Names of the picture files by name without ending."""
        found: dict[str, list[str]] = {}
        for name in _names(self.folder):
            stem, ending = os.path.splitext(name)  # noqa: PTH122  (of a hundred thousand names)
            if ending.lower() in ENDINGS:
                found.setdefault(stem, []).append(name)
        return found

    def picture(self, name: str) -> Path:
        """``JPEGImages/NAME`` with whatever ending is there: what the XML calls it is often out of date."""
        return self.folder / self._pictures.get(name, [f"{name}.jpg"])[0]

    def annotation(self, name: str) -> Annotation:
        """``Annotations/NAME.xml``."""
        path = self.path / "Annotations" / f"{name}.xml"
        root = _parsed(path)
        try:
            width, height = (number(root.findtext(f"size/{side}", "0")) for side in ("width", "height"))
            objects = tuple(_labelled(place, item) for place, item in enumerate(root.findall("object"), 1))
        except ValueError as error:
            raise InstantReactError("IR7005", path=path, problem=error) from error
        size = (int(width), int(height)) if width >= 1 and height >= 1 else None
        return Annotation(path, size, objects, root)

    def strays(self) -> Iterator[Problem]:
        """Pictures and annotations without their counterpart."""
        annotated = set(self.ids)
        for name in sorted(annotated - self._pictures.keys()):
            file = self.path / "Annotations" / f"{name}.xml"
            detail = f"there is no picture {name}.* in {self.folder.name} (BMP, JPEG, PNG, TIFF or WebP)"
            yield Problem("missing-picture", file, "", detail)
        for name, files in self._pictures.items():
            if name not in annotated:
                yield Problem("missing-annotation", self.folder / files[0], "", f"there is no Annotations/{name}.xml")
            for double in files[1:]:
                yield Problem("duplicate-id", self.folder / double, "", f"{files[0]} has the same name and annotation")

    @property
    def lists(self) -> Path:
        """``ImageSets/Main``."""
        return self.path / "ImageSets" / "Main"

    def splits(self) -> dict[str, Path]:
        """The lists of pictures; those of one class (``dog_train.txt``) have a second column, and are no splits."""
        return {name: file for name, file in super().splits().items() if len("".join(read_list(file)[:1]).split()) < 2}  # noqa: PLR2004  (columns)

    def edges(self, item: Labelled, *, from_zero: bool) -> Box:
        """Counted from 0, the numbers as written are the edges."""
        return _written(item.raw) if from_zero else item.box

    def from_zero(self) -> bool:
        """Whether more boxes start at 0 than at 1: objects at the edge of the picture start at the first number there is."""
        zeros = ones = 0
        for name in self.ids:
            try:
                starts = [_written(item.raw)[:2] for item in self.annotation(name).objects]
            except InstantReactError:
                continue
            zeros += sum(0 in start for start in starts)
            ones += sum(1 in start for start in starts)
        return zeros > ones

    def written(self, box: Box, size: tuple[int, int]) -> Box:
        """At whole pixels; one that is narrower than two is what it calls degenerate, and has no extent here."""
        return whole_pixels(box)

    def write(self, out: Path, kept: Iterable[tuple[str, Annotation]]) -> None:
        """Pictures, annotations with all that the SDK does not read, and ``classes.txt`` where there is one."""
        (out / "Annotations").mkdir()
        for name, annotation in kept:
            write_labelled(out, name, self.picture(name), annotation)
        if self.declared is not None:
            write_list(out / "classes.txt", self.declared)

    def copied(self, out: Path) -> Path:
        """The folder itself."""
        return out


def _names(folder: Path) -> list[str]:
    """What is in a folder, sorted; paths of a hundred thousand files would take longer than all the rest."""
    return sorted(os.listdir(folder)) if folder.is_dir() else []  # noqa: PTH208  (as said)


def _parsed(path: Path) -> Element:
    with needed("defusedxml"):
        from defusedxml.ElementTree import parse
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InstantReactError("IR7005", path=path, problem=f"it has more than {_MOST_BYTES >> 20} MiB")
        root = parse(path).getroot()
    except OSError as error:
        raise InstantReactError("IR7005", path=path, problem=error.strerror or error) from error
    except ParseError as error:
        raise InstantReactError("IR7005", path=path, problem=f"it is no XML ({error})") from error
    except (ValueError, LookupError) as error:  # defusedxml's refusals, and unknown encodings
        name = type(error).__name__
        known = {"EntitiesForbidden": "it defines entities", "ExternalReferenceForbidden": "it refers to other files"}
        raise InstantReactError("IR7005", path=path, problem=known.get(name, error)) from error
    assert root is not None
    return root


def _labelled(place: int, item: Element) -> Labelled:
    where = f"object {place}"
    name = (item.findtext("name") or "").strip()
    if not name:
        raise ValueError(f"{where} has no name")
    try:
        numbers = _written(item)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    x_min, y_min, x_max, y_max = numbers
    difficult = (item.findtext("difficult") or "").strip()
    quirks = {}
    if x_min >= x_max or y_min >= y_max:
        quirks["degenerate-box"] = f"{shown(numbers)} has no extent"
        numbers = (min(x_min, x_max), min(y_min, y_max), max(x_min, x_max), max(y_min, y_max))
    if 0 in numbers[:2]:
        quirks["zero-based-box"] = f"{shown(numbers)} starts at 0"
    if not all(_edge(item, edge).lstrip("+-").isdecimal() for edge in EDGES):
        quirks["float-box"] = f"{shown(numbers)} is not written in whole numbers"
    box = (_first(numbers[0]), _first(numbers[1]), numbers[2], numbers[3])
    said = difficult not in {"", "0"} if difficult else None
    return Labelled(where, name, box, said, crowd=False, area=None, quirks=quirks, raw=item)


def _first(pixel: float) -> float:
    """The edge before the pixel that is counted from 1; one that counts from 0 lies at the edge of the picture, too."""
    return pixel - 1 if pixel >= 1 else min(pixel, 0.0)


def _edge(item: Element, edge: str) -> str:
    return item.findtext(f"bndbox/{edge}", "").strip()


def _written(item: Element) -> Box:
    x_min, y_min, x_max, y_max = (number(_edge(item, edge)) for edge in EDGES)
    return x_min, y_min, x_max, y_max
