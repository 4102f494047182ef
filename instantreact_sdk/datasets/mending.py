"""A copy of a dataset in which what was wrong is right, or left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from instantreact_sdk.datasets.address import open_dataset
from instantreact_sdk.datasets.annotation import Annotation, Box, Labelled
from instantreact_sdk.datasets.checking import letters, own_splits, respelled
from instantreact_sdk.datasets.dataset import Dataset
from instantreact_sdk.datasets.form import Form
from instantreact_sdk.datasets.likeness import alike, groups
from instantreact_sdk.datasets.looking import Look, Seen, look_at
from instantreact_sdk.errors import InstantReactError

_SAME_SHAPE = 0.02
"""By how much the two scales of a resized picture may differ, for sizes are rounded."""


def mend(dataset: Dataset, out: Path, *, classes: Mapping[str, int]) -> Dataset:
    """Write a copy in which nothing is wrong any more; the dataset itself is left as it is.

    What becomes of each kind of problem is in `KINDS`. Pictures are copied byte for byte. Where more boxes of a VOC dataset start at 0
    than at 1, all of it counts from 0, and all its boxes are mended. Boxes whose picture was resized since are scaled with it.

    Args:
        dataset: A whole dataset.
        out: A new folder, outside the dataset.
        classes: How many objects each class has, as `Findings.classes`.

    Returns:
        The copy.

    Raises:
        InstantReactError: IR7011, the folder is there and not empty, or inside the dataset; IR4020, it cannot be written.
    """
    form = dataset.form
    root = form.path.resolve()
    if root in [out.resolve(), *out.resolve().parents] or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise InstantReactError("IR7011", path=out)
    known = dataset.declared
    names = _Names(classes.keys() - respelled(classes).keys() if known is None else known)
    looks: list[Look] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InstantReactError("IR4020", path=out, problem=error.strerror or error) from error
    form.write(out, _mended(dataset, names, looks))
    copy = open_dataset(f"{form.name}:{form.copied(out)}", classes=known)
    copy.form.write_lists(copy.form.lists, _lists(dataset, looks))
    return copy


class _Names:
    """The right name of a class.

    Args:
        known: Names of classes, each spelled right.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._by_letters = {letters(name): name for name in sorted(self._known)}

    def right(self, name: str) -> str | None:
        """The name as the list of classes has it; None where it has none like it."""
        return name if name in self._known else self._by_letters.get(letters(name))


def _mended(dataset: Dataset, names: _Names, looks: list[Look]) -> Iterator[tuple[str, Annotation]]:
    from_zero = dataset.form.from_zero()
    for look in look_at(dataset, None):
        if not look.seen or not look.annotation:
            continue
        place = _placing(look.annotation, look.seen)
        if place is None:
            continue
        size = look.seen.upright
        objects = [
            mended
            for item in look.annotation.objects
            if (mended := _object(item, dataset.form, names, place, size, from_zero=from_zero))
        ]
        looks.append(look)
        yield look.sample.id, replace(look.annotation, size=size, objects=tuple(objects))


class _Placing:
    """Takes boxes from the picture that was labelled to the picture as it is.

    Args:
        x: Factor across.
        y: Factor down.
        seen: The picture, where its EXIF orientation turns the boxes too.
    """

    def __init__(self, x: float = 1, y: float = 1, seen: Seen | None = None) -> None:
        self._x, self._y, self._seen = x, y, seen

    def __call__(self, box: Box) -> Box:
        x_min, y_min, x_max, y_max = box
        if self._seen:
            return turned_box(box, self._seen.size, self._seen.orientation)
        return x_min * self._x, y_min * self._y, x_max * self._x, y_max * self._y


def turned_box(box: Box, size: tuple[int, int], orientation: int) -> Box:
    """A box of a picture as it is stored, in the picture upright.

    Args:
        box: Edges in pixels.
        size: Width and height as stored.
        orientation: Of EXIF (CIPA DC-008, section 4.6.5, tag 0x0112): 1 to 8.
    """
    x_min, y_min, x_max, y_max = box
    width, height = size
    if orientation in {2, 3, 7, 8}:  # the stored picture has to be mirrored left to right
        x_min, x_max = width - x_max, width - x_min
    if orientation in {3, 4, 6, 7}:  # and top to bottom
        y_min, y_max = height - y_max, height - y_min
    if orientation >= 5:  # noqa: PLR2004  (and then across and down change places)
        x_min, y_min, x_max, y_max = y_min, x_min, y_max, x_max
    return x_min, y_min, x_max, y_max


def _placing(annotation: Annotation, seen: Seen) -> _Placing | None:
    """How boxes come into the picture; None where nobody can know."""
    if annotation.size in {None, seen.upright}:
        return _Placing()
    if annotation.size == seen.size:
        return _Placing(seen=seen)
    assert annotation.size
    x, y = (real / said for real, said in zip(seen.upright, annotation.size, strict=True))
    return _Placing(x, y) if abs(x / y - 1) <= _SAME_SHAPE else None


def _object(
    item: Labelled, form: Form, names: _Names, place: _Placing, size: tuple[int, int], *, from_zero: bool
) -> Labelled | None:
    """The object as it should be; None where nothing of it can be kept."""
    name = names.right(item.name)
    if name is None or item.degenerate:
        return None
    x_min, y_min, x_max, y_max = place(form.edges(item, from_zero=from_zero))
    width, height = size
    cut = (max(x_min, 0.0), max(y_min, 0.0), min(x_max, float(width)), min(y_max, float(height)))
    box = form.written(cut, size)
    if box[0] >= box[2] or box[1] >= box[3]:
        return None
    return replace(item, name=name, box=box, difficult=bool(item.difficult))


def _lists(dataset: Dataset, looks: Sequence[Look]) -> dict[str, list[str]]:
    """The dataset's splits of what was kept, with pictures that are nearly the same in the first of their splits."""
    parts = own_splits(dataset)
    rank = list(parts).index
    home: dict[str, str] = {}
    for split, names in parts.items():
        for name in names:
            home.setdefault(name, split)
    seen = {look.sample.id: look.seen for look in looks}
    prints = [(name, found.print) for name in home if (found := seen.get(name))]
    pairs = ((one, two) for one, two, _ in alike([print_ for _, print_ in prints]))
    for group in groups(len(prints), pairs):
        members = [prints[place][0] for place in group]
        home.update(dict.fromkeys(members, min((home[name] for name in members), key=rank)))
    lists = {split: sorted(name for name in home if home[name] == split and name in seen) for split in parts}
    for split, path in dataset.form.splits().items():
        if split not in parts:  # it is made of others
            of = {home[name] for name in dataset.form.listed(path)}
            lists[split] = sorted(name for part in of for name in lists[part])
    return lists
