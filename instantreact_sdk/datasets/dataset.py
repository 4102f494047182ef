"""Labelled pictures, read when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any, final, overload

from instantreact_sdk.datasets.annotation import Annotation
from instantreact_sdk.datasets.form import Form
from instantreact_sdk.datasets.pictures import load
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.types import Objects, Pixels

SHARES = {"train": 0.8, "val": 0.1, "test": 0.1}
"""How a dataset that has no splits is split."""

_BOTH = "trainval"


@final
@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled picture. Whatever it gives is read anew each time, so that a hundred thousand of them fit into memory.

    Attributes:
        id: What names it in its dataset, once.
        path: The picture's file.
    """

    id: str
    _dataset: Dataset

    @property
    def path(self) -> Path:
        """The picture's file; it need not be there.

        Raises:
            InstantReactError: IR7004, the dataset names one outside itself.
        """
        return self._dataset.form.picture(self.id)

    def image(self) -> Pixels:
        """The picture, turned as its EXIF orientation asks: uint8 RGB ``(height, width, 3)``.

        Raises:
            InstantReactError: IR7004, it cannot be read; IR6001 without the extra ``data``.
        """
        return load(self.path)

    def annotation(self) -> Annotation:
        """What the dataset's files say about it, word for word.

        Raises:
            InstantReactError: IR7005, they cannot be read; IR7004, they mean nothing without the picture, which cannot be read.
        """
        return self._dataset.form.annotation(self.id)

    def objects(self) -> Objects:
        """What is to be seen in it. Objects whose box has no extent are left out; `check` names them.

        Where the files do not say whether an object is difficult, it is not.

        Raises:
            InstantReactError: As `annotation`; IR7007, an object's class is not among the dataset's; IR7004, the
                files do not give the picture's size, and it cannot be read.
        """
        from instantreact_sdk.datasets.pictures import stored, turned

        annotation = self.annotation()
        width, height = annotation.size or turned(*stored(self.path))
        kept = [item for item in annotation.objects if not item.degenerate]
        classes = self._dataset.classes
        for item in kept:
            if item.name not in classes:
                raise InstantReactError(
                    "IR7007",
                    path=annotation.path,
                    place=item.place,
                    name=item.name,
                    classes=listed(classes, "and"),
                )
        boxes = [item.box for item in kept]
        return Objects(
            self.id,
            width,
            height,
            boxes=boxes,
            labels=[classes.index(item.name) for item in kept],
            difficult=[bool(item.difficult) for item in kept],
            crowd=[item.crowd for item in kept],
            areas=[
                (box[2] - box[0]) * (box[3] - box[1]) if item.area is None else item.area
                for item, box in zip(kept, boxes, strict=True)
            ],
        )

    def load(self) -> tuple[Pixels, Objects]:
        """Both, and whether they fit each other.

        Raises:
            InstantReactError: As `image` and `objects`; IR7006, the files give another size than the picture has.
        """
        image, objects = self.image(), self.objects()
        height, width = image.shape[:2]
        if (objects.width, objects.height) != (width, height):
            raise InstantReactError(
                "IR7006",
                picture=self.path,
                real=f"{width} x {height}",
                annotation=self.annotation().path,
                said=f"{objects.width} x {objects.height}",
                address=self._dataset.form,
            )
        return image, objects


@final
class Dataset(Sequence[Sample]):
    """Labelled pictures of one dataset, or of one split of it.

    Opening one and taking samples reads names alone; files are read when a sample is asked for what is in them.

    Attributes:
        form: How it lies on the disk.
        ids: What names its pictures, in their order.

    Args:
        form: How it lies on the disk.
        classes: Names of the classes in the order of their labels; None for those of the dataset.
        ids: Only these pictures, in this order; None for all.
    """

    def __init__(self, form: Form, *, classes: Sequence[str] | None = None, ids: Sequence[str] | None = None) -> None:
        self.form = form
        self._own = None if classes is None else tuple(classes)
        self._ids = None if ids is None else tuple(ids)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """What names its pictures, once each."""
        return self.form.ids if self._ids is None else self._ids

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes in the order of their labels; those of the whole dataset in all of its splits.

        Where none were given and no file lists them (VOC), every annotation is read once.

        Raises:
            InstantReactError: IR7005, an annotation cannot be read.
        """
        return self.form.classes if self._own is None else self._own

    @property
    def declared(self) -> tuple[str, ...] | None:
        """The classes that were given or that a file lists; None where they are whatever objects are called."""
        return self.form.declared if self._own is None else self._own

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> Sample: ...

    @overload
    def __getitem__(self, index: slice) -> Dataset: ...

    def __getitem__(self, index: int | slice) -> Sample | Dataset:
        if isinstance(index, slice):
            return Dataset(self.form, classes=self._own, ids=self.ids[index])
        return Sample(self.ids[index], self)

    @property
    def splits(self) -> tuple[str, ...]:
        """Names of the splits that the dataset's own files give; none where it has none."""
        return tuple(self.form.splits())

    def split(self, name: str, *, seed: int = 0) -> Dataset:
        """One part of the dataset.

        A dataset without splits of its own has ``train``, ``val`` and ``test``, eight, one and one tenth of the pictures, and ``trainval``.
        Which picture is in which depends on its id and the seed alone, so it is the same on every machine. `split_groups` looks at
        the pictures and does better: it keeps those that are nearly the same together.

        Args:
            name: Of a split, or the path of a file that lists ids, one a line.
            seed: Of the split that is made where there is none.

        Raises:
            InstantReactError: IR7003, there is no such split; IR7005, its list cannot be read.
        """
        splits = self.form.splits()
        if name in splits or Path(name).is_file():
            return Dataset(self.form, classes=self._own, ids=self.form.listed(splits.get(name, Path(name))))
        if splits or name not in {*SHARES, _BOTH}:
            known = listed(splits or [*SHARES, _BOTH])
            raise InstantReactError("IR7003", address=self.form, split=name, known=known)
        parts = shares_of(self.ids, seed)
        ids = [*parts["train"], *parts["val"]] if name == _BOTH else parts[name]
        return Dataset(self.form, classes=self._own, ids=sorted(ids))


def shares_of(ids: Sequence[str], seed: int) -> dict[str, list[str]]:
    """Ids by split, in the proportions of `SHARES`."""
    order = sorted(ids, key=lambda one: by_chance(one, seed))
    ends = [round(share * len(ids)) for share in accumulate(SHARES.values())]
    return {name: order[first:last] for name, first, last in zip(SHARES, [0, *ends], ends, strict=False)}


def by_chance(name: str, seed: int) -> Any:
    """What to sort by to shuffle: it depends on nothing else, on any machine."""
    return sha256(f"{seed} {name}".encode()).digest()
