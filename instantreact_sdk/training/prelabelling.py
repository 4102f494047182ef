"""First labels for photographs that have none, to be corrected by people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
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
from instantreact_sdk.training.eye import Eye, opened_eye
from instantreact_sdk.training.looking import Picture, batches
from instantreact_sdk.training.options import checked
from instantreact_sdk.training.result_folder import ready
from instantreact_sdk.types import Detections, Objects

BEGUN = "prelabel.json"
"""Says of which photographs the dataset in a folder is, so that nothing else is taken for one to go on with."""
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
    resume: bool = False,
    progress: Progress = silent,
    registry: Registry | None = None,
) -> Prelabelled:
    """Write a dataset in the form of Pascal VOC of what a detector finds in photographs.

    The photographs are left as they are, and copied byte for byte. Boxes are those of the picture as people see it, turned as EXIF asks. Each
    object has its ``score`` besides what VOC knows; a picture in which nothing was found is a picture of background, until somebody
    corrects that. Each is written as soon as it was looked at: what is done stays where the work breaks off, and `resume` goes on.

    Args:
        pictures: A folder; those in its folders are taken, too.
        use: The detector, ``ssd/ssd300`` or ``./blob.py:Blob``; one that does not remember earlier frames.
        out: A folder for the dataset, which is new or empty and not in `pictures`.
        options: Of the detector.
        resume: Whether to go on in `out` with the photographs that have no annotation there yet; those that are there stay as they are.
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
    _must_lie_elsewhere(folder, source)
    if resume:
        _must_have_begun(folder, source)
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InstantReactError("IR7015" if (folder / BEGUN).exists() else "IR7011", path=folder)
    left_out: dict[Path, str] = {}
    with opened_eye(choice, settings, context_of(choice, base)) as eye:
        labels = eye.labels
        _begin(folder, source)
        try:
            _label(found, folder, eye, choice.id, left_out, progress)
        except BaseException:
            with suppress(InstantReactError):  # the first error is the one to tell
                _list(folder, labels)
            raise
    classes = _list(folder, labels)
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


def _must_lie_elsewhere(out: Path, pictures: Path) -> None:
    if pictures.resolve() in [out.resolve(), *out.resolve().parents]:
        problem = f"{out} lies in it, and its pictures would be taken the next time"
        fix = "Choose a folder elsewhere."
        raise InstantReactError("IR7018", data=pictures, what="prelabelling", problem=problem, fix=fix)


def _must_have_begun(out: Path, pictures: Path) -> None:
    try:
        was = json.loads((out / BEGUN).read_bytes())["photographs"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        known = f"it has no {BEGUN}" if isinstance(error, FileNotFoundError) else f"{BEGUN} cannot be read"
        raise InstantReactError("IR7016", path=out, problem=known) from error
    if was != str(pictures.resolve()):
        differences = f"the photographs were those in {was}, and are those in {pictures.resolve()} now"
        raise InstantReactError("IR7017", path=out, differences=differences)


def _begin(out: Path, pictures: Path) -> None:
    ready(out / "Annotations")
    path = out / BEGUN
    try:
        path.write_text(json.dumps({"photographs": str(pictures.resolve())}, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise InstantReactError("IR4020", path=path, problem=error.strerror or error) from error


def _label(
    photographs: Sequence[Photograph], out: Path, eye: Eye, by: str, left_out: dict[Path, str], progress: Progress
) -> None:
    there = {path.stem for path in (out / "Annotations").glob("*.xml")}
    left = {each.name: each for each in photographs if each.name not in there}
    done = len(photographs) - len(left)
    for batch in batches([_Unlabelled(each, left_out) for each in left.values()], eye.batch_size):
        found = eye.look([image for image, _ in batch])
        for (_, size), detections in zip(batch, found, strict=True):
            photograph = left[size.image]
            annotation = _annotation(photograph, size, detections, eye.labels, by)
            write_labelled(out, photograph.name, photograph.path, annotation)
        done += len(batch)
        progress(done, len(photographs), "detecting")


def _list(out: Path, labels: Sequence[str]) -> dict[str, int]:
    """Write the lists of what is there, and say how often each class is: also of what people have corrected meanwhile."""
    samples = list(open_dataset(f"voc:{out}"))
    counts = Counter(item.name for sample in samples for item in sample.annotation().objects)
    classes = {name: counts[name] for name in dict.fromkeys((*labels, *sorted(counts))) if counts[name]}
    if classes:
        write_list(out / "classes.txt", classes)
    write_list(out / "ImageSets" / "Main" / f"{_LIST}.txt", [sample.id for sample in samples])
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
