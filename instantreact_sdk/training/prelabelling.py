"""First labels for photographs that have none, to be corrected by people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from instantreact_sdk.datasets import Dataset, open_dataset
from instantreact_sdk.datasets.annotation import Annotation, Box
from instantreact_sdk.datasets.lists import write_list
from instantreact_sdk.datasets.photographs import Photograph, photographs
from instantreact_sdk.datasets.pictures import load
from instantreact_sdk.datasets.voc_writing import new_annotation, write_labelled
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Progress
from instantreact_sdk.registry import Registry, discover
from instantreact_sdk.training.calling import context_of, silent
from instantreact_sdk.training.looking import Looked, Picture, look
from instantreact_sdk.training.options import checked
from instantreact_sdk.types import Detections, Objects

_LIST = "default"
"""Tools want a list of the pictures. It is called as CVAT calls that of a task without splits, for it is none of ``train``, ``val`` and ``test``."""


@dataclass(frozen=True, slots=True)
class Prelabelled:
    """What was written.

    Attributes:
        dataset: In the form of Pascal VOC.
        classes: How many objects each class has, by name, in the order of the detector's labels; those without any are left out.
        left_out: Pictures that cannot be read, and why.
    """

    dataset: Dataset
    classes: Mapping[str, int]
    left_out: Mapping[Path, str]

    def to_json(self) -> dict[str, Any]:
        """As JSON-able values."""
        return {
            "ok": not self.left_out,
            "dataset": str(self.dataset.form),
            "pictures": len(self.dataset),
            "objects": sum(self.classes.values()),
            "classes": dict(self.classes),
            "left_out": [{"file": str(path), "problem": problem} for path, problem in self.left_out.items()],
        }


def prelabel(
    pictures: str | Path,
    use: str,
    *,
    out: str | Path,
    options: Mapping[str, Any] | None = None,
    progress: Progress = silent,
    registry: Registry | None = None,
) -> Prelabelled:
    """Write a dataset in the form of Pascal VOC of what a detector finds in photographs.

    The photographs are left as they are, and copied byte for byte. Boxes are those of the picture as people see it, turned as EXIF asks. Each
    object has its ``score`` besides what VOC knows; a picture in which nothing was found is a picture of background, until somebody
    corrects that. Nothing is written before all pictures were looked at.

    Args:
        pictures: A folder; those in its folders are taken, too.
        use: The detector, ``ssd/ssd300`` or ``./blob.py:Blob``; one that does not remember earlier frames.
        out: A folder for the dataset, which is new or empty and not in `pictures`.
        options: Of the detector.
        progress: Told how far it is.
        registry: The plugins; by default those that are installed.

    Raises:
        InstantReactError: The detector, its options or the folders cannot be used (IR2, IR7), or it failed (IR4); IR6001 without
            the extra ``data``.
    """
    source, folder, base = Path(pictures), Path(out), Path.cwd()
    choice = (registry or discover()).resolve("detector", use, base)
    if choice.spec.stateful:
        raise InstantReactError("IR7022", id=choice.id)
    settings = checked(choice.options_type(), options or {}, id=choice.id, base=base)
    found = _photographs(source)
    _must_be_new(folder, source)
    left_out: dict[Path, str] = {}
    samples = [_Unlabelled(each, left_out) for each in found]
    looked = look(
        choice, settings, samples, context_of(choice, base), lambda done, _: progress(done, len(found), "detecting")
    )
    classes = _write(folder, {each.name: each for each in found}, looked, choice.id)
    return Prelabelled(open_dataset(f"voc:{folder}"), classes, dict(sorted(left_out.items())))


@dataclass(frozen=True, slots=True)
class _Unlabelled:
    photograph: Photograph
    left_out: dict[Path, str]

    def load(self) -> Picture | None:
        try:
            image = load(self.photograph.path)
        except InstantReactError as error:
            if error.code != "IR7004":
                raise
            self.left_out[self.photograph.path] = str(error.facts["problem"])
            return None
        height, width = image.shape[:2]
        return image, Objects(self.photograph.name, width, height, boxes=[], labels=[])


def _photographs(folder: Path) -> list[Photograph]:
    found = photographs(folder)
    if not found:
        problem = "no picture is in it or below it" if folder.is_dir() else "there is no such folder"
        fix = "Name a folder with photographs."
        raise InstantReactError("IR7018", data=folder, what="prelabelling", problem=problem, fix=fix)
    return found


def _must_be_new(out: Path, pictures: Path) -> None:
    if pictures.resolve() in [out.resolve(), *out.resolve().parents]:
        problem = f"{out} lies in it, and its pictures would be taken the next time"
        fix = "Choose a folder elsewhere."
        raise InstantReactError("IR7018", data=pictures, what="prelabelling", problem=problem, fix=fix)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InstantReactError("IR7011", path=out)


def _write(out: Path, photographs: Mapping[str, Photograph], looked: Looked, by: str) -> dict[str, int]:
    try:
        (out / "Annotations").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InstantReactError("IR4020", path=out, problem=error.strerror or error) from error
    counts: Counter[str] = Counter()
    for size, detections in zip(looked.truth, looked.found, strict=True):
        photograph = photographs[size.image]
        annotation = _annotation(photograph, size, detections, looked.labels, by)
        write_labelled(out, photograph.name, photograph.path, annotation)
        counts.update(item.name for item in annotation.objects)
    classes = {name: counts[name] for name in looked.labels if counts[name]}
    if classes:
        write_list(out / "classes.txt", classes)
    write_list(out / "ImageSets" / "Main" / f"{_LIST}.txt", [size.image for size in looked.truth])
    return classes


def _annotation(
    photograph: Photograph, size: Objects, detections: Detections, labels: tuple[str, ...], by: str
) -> Annotation:
    edges = detections.boxes.astype(np.float64) * [size.width, size.height, size.width, size.height]
    objects: list[tuple[str, Box, float]] = []
    for (x_min, y_min, x_max, y_max), score, label in zip(
        edges.tolist(), detections.scores.tolist(), detections.labels.tolist(), strict=True
    ):
        objects.append((labels[label], (x_min, y_min, x_max, y_max), score))
    path = photograph.path.with_name(f"{photograph.name}{photograph.path.suffix}")
    return new_annotation(path, (size.width, size.height), objects, by=by, original=photograph.original)
