"""How a dataset lies on the disk: what VOC, COCO and YOLO each say in their own way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from instantreact_sdk.datasets.annotation import Annotation, Box, Labelled
from instantreact_sdk.datasets.kinds import Problem
from instantreact_sdk.datasets.lists import read_list, write_list
from instantreact_sdk.errors import InstantReactError


class Form(ABC):
    """One dataset on the disk. Nothing is read before it is asked for.

    Args:
        path: The folder or file that the address names.
    """

    name: ClassVar[str]
    """As addresses begin."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return f"{self.name}:{self.path}"

    @cached_property
    @abstractmethod
    def ids(self) -> tuple[str, ...]:
        """What names each annotated picture, once, sorted."""

    @cached_property
    @abstractmethod
    def declared(self) -> tuple[str, ...] | None:
        """The classes that a file lists, so that others are unknown; None where none does."""

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes in the order of their labels: those that are declared, or else those of all objects, sorted."""
        if self.declared is not None:
            return self.declared
        return tuple(sorted({item.name for name in self.ids for item in self.annotation(name).objects}))

    @property
    @abstractmethod
    def folder(self) -> Path:
        """Where the pictures are."""

    @abstractmethod
    def picture(self, name: str) -> Path:
        """The file of a picture; it need not be there.

        Raises:
            InstantReactError: IR7004, its name leads out of the dataset.
        """

    @abstractmethod
    def annotation(self, name: str) -> Annotation:
        """What the files say about a picture.

        Raises:
            InstantReactError: IR7005, the file cannot be read; IR7004, the form needs the picture's size and cannot read it.
        """

    @abstractmethod
    def strays(self) -> Iterator[Problem]:
        """What is wrong with files and names, without looking into pictures."""

    @property
    @abstractmethod
    def lists(self) -> Path:
        """The folder of files that say which pictures a split has: ``train.txt``, an id on each line."""

    def splits(self) -> dict[str, Path]:
        """The lists by the name of their split; none where there are none."""
        return {file.stem: file for file in sorted(self.lists.glob("*.txt")) if file.stem != "classes"}

    def listed(self, split: Path) -> list[str]:
        """What a list names, in its order."""
        return [line.split()[0] for line in read_list(split)]

    def edges(self, item: Labelled, *, from_zero: bool) -> Box:
        """The object's box where the whole dataset counts from 0, or from where its form says."""
        return item.box

    def from_zero(self) -> bool:
        """Whether all of its boxes seem to count from 0 though its form does not."""
        return False

    def written(self, box: Box, size: tuple[int, int]) -> Box:
        """The box as it will be once it was written and read again."""
        return box

    @abstractmethod
    def write(self, out: Path, kept: Iterable[tuple[str, Annotation]]) -> None:
        """Write a dataset of the same form, with copies of the pictures.

        Args:
            out: A folder that is there and empty.
            kept: Pictures to copy, and what is to be said of them: `raw` is what it was read from, and is left as it is.
        """

    @abstractmethod
    def copied(self, out: Path) -> Path:
        """What `write` makes the address of the copy name."""

    def line(self, name: str) -> str:
        """What lists call a picture."""
        return name

    def write_lists(self, folder: Path, lists: Mapping[str, Sequence[str]]) -> None:
        """Write ``SPLIT.txt`` for each split, which `listed` reads.

        Raises:
            InstantReactError: IR7011, one is there already; IR4020, it cannot be written.
        """
        files = {folder / f"{split}.txt": names for split, names in lists.items()}
        there = next((file for file in files if file.exists()), None)
        if there:
            raise InstantReactError("IR7011", path=there)
        for file, names in files.items():
            write_list(file, map(self.line, names))
