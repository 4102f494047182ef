"""Everything that is wrong with a dataset, file by file and object by object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from instantreact_sdk.datasets.dataset import Dataset
from instantreact_sdk.datasets.kinds import KINDS, Problem
from instantreact_sdk.datasets.likeness import alike
from instantreact_sdk.datasets.looking import Look, look_at
from instantreact_sdk.errors import InstantReactError


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found.

    Attributes:
        dataset: What was checked.
        problems: All of them, by kind as in `KINDS`, then by file.
        classes: How many objects each class has, by name.
        pictures: How many pictures were looked at.
    """

    dataset: Dataset
    problems: tuple[Problem, ...]
    classes: Mapping[str, int]
    pictures: int

    @property
    def counts(self) -> dict[str, int]:
        """How many problems and notes there are of each kind; kinds without any are left out."""
        counted = Counter(problem.kind for problem in self.problems)
        return {kind: counted[kind] for kind in KINDS if counted[kind]}

    @property
    def ok(self) -> bool:
        """Whether there is nothing but notes."""
        return not any(KINDS[problem.kind].wrong for problem in self.problems)

    def to_json(self) -> dict[str, Any]:
        """As JSON-able values."""
        return {
            "ok": self.ok,
            "dataset": str(self.dataset.form),
            "pictures": self.pictures,
            "objects": sum(self.classes.values()),
            "classes": dict(self.classes),
            "counts": self.counts,
            "problems": [
                {
                    "kind": problem.kind,
                    "wrong": KINDS[problem.kind].wrong,
                    "file": str(problem.file),
                    "place": problem.place,
                    "detail": problem.detail,
                }
                for problem in self.problems
            ],
        }


def check(dataset: Dataset, *, progress: Callable[[int, int], None] | None = None) -> Findings:
    """Look for everything that can be wrong with a dataset; decodes every picture.

    Args:
        dataset: A whole dataset. Where it lists its classes or was opened with some, others are unknown; else a class is,
            that is spelled like a more frequent one but for case and spaces.
        progress: Is told how many pictures were looked at, and of how many.

    Raises:
        InstantReactError: IR7018, there is nothing in it.
    """
    looks = []
    for look in look_at(dataset, dataset.declared):
        looks.append(look)
        if progress:
            progress(len(looks), len(dataset))
    strays = [*dataset.form.strays()]
    if not looks and not strays:
        fix = "See whether the path is that of the dataset."
        raise InstantReactError("IR7018", data=dataset.form, what="learning", problem="it has no pictures", fix=fix)
    items = [(look.annotation, item) for look in looks if look.annotation for item in look.annotation.objects]
    classes = Counter(item.name for _, item in items)
    problems = [*strays, *(problem for look in looks for problem in look.problems)]
    if dataset.declared is None:
        spellings = respelled(classes)
        problems += [
            Problem("unknown-class", annotation.path, item.place, f"{item.name!r}, {spellings[item.name]!r} elsewhere")
            for annotation, item in items
            if item.name in spellings
        ]
    problems += _of_splits(dataset, looks)
    order = list(KINDS)
    problems.sort(key=lambda problem: (order.index(problem.kind), str(problem.file)))  # places stay in the file's order
    return Findings(dataset, tuple(problems), dict(classes.most_common()), len(looks))


def respelled(classes: Mapping[str, int]) -> dict[str, str]:
    """The right spelling of those class names that differ from a more frequent one in case, spaces, ``-`` and ``_`` alone."""
    best: dict[str, str] = {}
    for name in sorted(classes, key=lambda name: (-classes[name], name)):
        best.setdefault(letters(name), name)
    return {name: best[letters(name)] for name in classes if best[letters(name)] != name}


def letters(name: str) -> str:
    """What is left of a class's name without case, spaces, ``-`` and ``_``."""
    return "".join(name.casefold().replace("-", " ").replace("_", " ").split())


def own_splits(dataset: Dataset) -> dict[str, list[str]]:
    """What the dataset's own lists name, without lists that are made of others (``trainval``)."""
    lists = {name: dataset.form.listed(path) for name, path in dataset.form.splits().items()}
    order = sorted(lists, key=lambda name: (len(lists[name]), name))
    parts: dict[str, list[str]] = {}
    for name in order:
        others = {one for part in parts.values() for one in part}
        if len(parts) < 2 or not set(lists[name]) <= others:  # noqa: PLR2004  (a part of one other is no union)
            parts[name] = lists[name]
    return {name: parts[name] for name in sorted(parts, key=_rank)}


def _rank(split: str) -> tuple[int, str]:
    """Training first: what is in two splits may be learned from, and then is not examined."""
    usual = ("train", "val", "valid", "test")
    return (usual.index(split) if split in usual else len(usual), split)


def straddling(parts: Mapping[str, Sequence[str]], looks: Sequence[Look]) -> Iterator[tuple[str, str, str, str, int]]:
    """Pictures that are nearly the same and in different splits.

    Yields:
        The id of one and its split, the id of the other and its split, later in `parts`, and in how many of 256 bits they differ;
        a picture that two lists name is its own other.
    """
    split_of: dict[str, str] = {}
    for split, names in parts.items():
        for name in names:
            first = split_of.setdefault(name, split)
            if first != split:
                yield name, first, name, split, 0
    prints = [(look.sample.id, look.seen.print) for look in looks if look.seen and look.sample.id in split_of]
    rank = list(parts).index
    for one, two, bits in alike([print_ for _, print_ in prints]):
        pair = sorted((prints[one][0], prints[two][0]), key=lambda name: rank(split_of[name]))
        if split_of[pair[0]] != split_of[pair[1]]:
            yield pair[0], split_of[pair[0]], pair[1], split_of[pair[1]], bits


def _of_splits(dataset: Dataset, looks: Sequence[Look]) -> Iterator[Problem]:
    parts = own_splits(dataset)
    known = set(dataset.form.ids)
    paths = dataset.form.splits()
    for split, names in parts.items():
        for line, name in enumerate(names, 1):
            if name not in known:
                yield Problem("missing-picture", paths[split], f"line {line}", f"there is no annotated picture {name}")
    for first, split, second, other, bits in straddling(parts, looks):
        file = dataset.form.picture(second)
        if first == second:
            yield Problem("near-duplicate", file, "", f"it is in {split} and in {other}")
        else:
            detail = f"of {other}, and {dataset.form.picture(first).name} of {split}: {bits} of 256 bits differ"
            yield Problem("near-duplicate", file, "", detail)
