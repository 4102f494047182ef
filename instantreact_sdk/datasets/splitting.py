"""Splits that can be trusted: what belongs together stays together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Literal

from instantreact_sdk.datasets.dataset import SHARES, Dataset, by_chance
from instantreact_sdk.datasets.likeness import alike, groups
from instantreact_sdk.datasets.looking import Look, look_at
from instantreact_sdk.errors import InstantReactError

By = Literal["random", "folder", "camera"]

# `lobby_2024-05-01_12-00-00`, `lobby-20240501T120000Z`, `lobby.000123`
_MOMENT = re.compile(r"[-_. ]\d[-_. \dT:]*Z?$")


def split_groups(
    dataset: Dataset,
    *,
    by: By = "random",
    camera: str | None = None,
    shares: Mapping[str, float] = SHARES,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, list[str]]:
    """Share out a dataset's pictures, so that none is nearly the same as one of another split; decodes every picture.

    Args:
        dataset: Which.
        by: What else is never parted: nothing (``random``), the pictures of one ``folder``, or those of one ``camera``.
        camera: A pattern that finds the camera in the path of a picture: its first group, or all that it matches. Without it a
            camera is the folder and what the file's name says before date, time or number.
        shares: Proportions by split.
        seed: Of chance.
        progress: Is told how many pictures were looked at, and of how many.

    Returns:
        Ids by split, sorted. Shares are met as nearly as the groups allow.

    Raises:
        InstantReactError: IR7010, names do not say the camera, or there are fewer folders or cameras than splits.
    """
    whole = _belonging(dataset, by, camera)
    if by != "random" and len(set(whole)) < len(shares):
        raise InstantReactError(
            "IR7010",
            address=dataset.form,
            by=by,
            problem=f"there are {len(shares)} splits to make, and {len(set(whole))} to share out",
            fix="Say by `--camera PATTERN` what in the names tells it."
            if by == "camera"
            else "Split by `random` or `camera`.",
        )
    looks = []
    for look in look_at(dataset, None):
        looks.append(look)
        if progress:
            progress(len(looks), len(dataset))
    together = groups(len(dataset), _joined(whole, looks))
    return _shared([[dataset.ids[place] for place in group] for group in together], shares, seed)


def camera_of(path: PurePosixPath) -> str:
    """The folder of a picture, and what its name says before date, time or number: ``gate/lobby`` of ``gate/lobby_2024-05-01_0007.jpg``."""
    name = _MOMENT.sub("", path.stem)
    return str(path.parent if name.isdecimal() else path.with_name(name))


def _belonging(dataset: Dataset, by: By, camera: str | None) -> list[str]:
    """What each picture belongs to."""
    if by == "random":
        return list(dataset.ids)
    paths = [PurePosixPath(sample.path.relative_to(dataset.form.folder).as_posix()) for sample in dataset]
    if by == "folder":
        return [str(path.parent) for path in paths]
    if camera is None:
        return [camera_of(path) for path in paths]
    return [_matched(camera, path, dataset) for path in paths]


def _matched(camera: str, path: PurePosixPath, dataset: Dataset) -> str:
    problem = f"{camera!r} does not match {path}"
    try:
        found = re.search(camera, str(path))
    except re.error as error:
        found, problem = None, f"{camera!r} is no pattern ({error})"
    if not found:
        fix = "Give a pattern that finds the camera in the path of every picture."
        raise InstantReactError("IR7010", address=dataset.form, by="camera", problem=problem, fix=fix)
    return str(found[1] if found.re.groups else found[0])


def _joined(whole: Sequence[str], looks: Sequence[Look]) -> Iterator[tuple[int, int]]:
    """Pairs of places that must not be parted."""
    of_whole: dict[str, int] = {}
    for place, name in enumerate(whole):
        yield of_whole.setdefault(name, place), place
    prints = [(place, look.seen.print) for place, look in enumerate(looks) if look.seen]
    for one, two, _ in alike([print_ for _, print_ in prints]):
        yield prints[one][0], prints[two][0]


def _shared(together: list[list[str]], shares: Mapping[str, float], seed: int) -> dict[str, list[str]]:
    """Groups by split: the largest first, each to the split that lacks most."""
    count = sum(map(len, together))
    lacking = {split: share * count for split, share in shares.items()}
    parts: dict[str, list[str]] = {split: [] for split in shares}
    for group in sorted(together, key=lambda group: (-len(group), by_chance(min(group), seed))):
        split = max(lacking, key=lambda split: lacking[split])
        lacking[split] -= len(group)
        parts[split] += group
    return {split: sorted(names) for split, names in parts.items()}
