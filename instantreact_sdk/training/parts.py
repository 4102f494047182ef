"""The parts of a dataset that are learned from, chosen by and measured on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

from instantreact_sdk.datasets import Dataset, Sample, open_dataset
from instantreact_sdk.datasets.pictures import stored, turned
from instantreact_sdk.errors import InstantReactError

ALL = "all"
"""Names the whole dataset, where none of its splits is called so."""
NONE = "none"
AUTO = "auto"

Seen = Callable[[int, int], None]


def absolute(address: str) -> str:
    """The address with its form and an absolute path, so that it holds in any folder.

    Raises:
        InstantReactError: IR7001 or IR7002, there is no such dataset.
    """
    form = open_dataset(address).form
    return f"{form.name}:{form.path.resolve()}"


def part(dataset: Dataset, split: str) -> Dataset:
    """One split of a dataset.

    Raises:
        InstantReactError: IR7003, there is none; IR7005, its list cannot be read.
    """
    return dataset if split == ALL and ALL not in dataset.splits else dataset.split(split)


def parts(address: str, split: str, validation: str) -> tuple[Dataset, Dataset, str]:
    """What to learn from, what to choose weights by, and the latter's name.

    Args:
        address: Of the dataset.
        split: Of it.
        validation: Another split of it; the address of another dataset, of which ``val`` is taken where it has that, and all
            of it where not; ``none``; or ``auto``: ``val`` where there is one that shares nothing with `split`.

    Raises:
        InstantReactError: IR7001 to IR7003, there is no such dataset or split; IR7019, they share pictures.
    """
    whole = open_dataset(address)
    train = part(whole, split)
    nothing = Dataset(train.form, classes=train.classes, ids=())
    if validation == NONE:
        return train, nothing, NONE
    if validation == AUTO:
        chosen = whole.split("val") if "val" in whole.splits or not whole.splits else nothing
        return (train, nothing, NONE) if not len(chosen) or shared(train, chosen) else (train, chosen, "val")
    if ":" in validation and validation not in whole.splits:
        other = open_dataset(validation, classes=train.classes)
        chosen, name = (other.split("val") if "val" in other.splits else other), absolute(validation)
    else:
        chosen, name = part(whole, validation), validation
    if both := shared(train, chosen):
        raise InstantReactError(
            "IR7019",
            count=len(both),
            validation=f"The validation {validation}",
            training=f"the split {split}",
            example=both[0],
        )
    return train, chosen, name


def shared(one: Dataset, other: Dataset) -> list[str]:
    """Pictures of the other that are in the one, too: the same files."""
    known = {sample.path.resolve() for sample in one}
    return [sample.id for sample in other if sample.path.resolve() in known]


def inspect(dataset: Dataset, name: str, what: str, seen: Seen | None = None) -> int:
    """Read every annotation and the head of every picture, so that hours of work do not end at a bad file.

    Args:
        dataset: What.
        name: Of it, for messages.
        what: What it is wanted for.
        seen: Told how many of how many were looked at.

    Returns:
        How many objects there are.

    Raises:
        InstantReactError: IR7018, there are no pictures, or none of them has an object; IR7004 to IR7007, one of them cannot
            be used; IR6001 without the extra ``data``.
    """
    if not len(dataset):
        fix = "Choose another split."
        raise InstantReactError("IR7018", data=name, what=what, problem="it has no pictures", fix=fix)
    _ = dataset.classes  # read by one thread, and not by each of them at once
    objects = 0
    with ThreadPoolExecutor(cpu_count()) as pool:
        for done, count in enumerate(pool.map(_look, dataset), 1):
            objects += count
            if seen:
                seen(done, len(dataset))
    if not objects:
        fix = f"Look at it with `instantreact-sdk data check {dataset.form}`."
        raise InstantReactError("IR7018", data=name, what=what, problem="no picture has an object", fix=fix)
    return objects


def _look(sample: Sample) -> int:
    objects = sample.objects()
    if (objects.width, objects.height) != turned(*stored(sample.path)):
        sample.load()  # raises, in the words that everyone gets
    return len(objects)
