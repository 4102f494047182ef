"""What is known of each finished epoch, and the file that shows it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Any

from instantreact_ssd.whole import whole


@dataclass(frozen=True, slots=True)
class Epoch:
    """One row of ``metrics.csv``.

    Attributes:
        epoch: Its number, from 1.
        loss: The mean of its steps.
        localization: The part of it that comes from boxes.
        classification: The part of it that comes from scores.
        images_per_second: While it trained, reading and changing the pictures included.
        learning_rate: Of its last step.
        voc_map: Mean average precision on the validation's pictures, all-point; None where there was no validation.
        voc_map_11: The same by the eleven points of VOC2007.
        seconds: That it took, with its validation.
    """

    epoch: int
    loss: float
    localization: float
    classification: float
    images_per_second: float
    learning_rate: float
    voc_map: float | None
    voc_map_11: float | None
    seconds: float

    def plain(self) -> dict[str, Any]:
        """By name; for checkpoints."""
        return asdict(self)


def best(history: Iterable[Epoch]) -> Epoch | None:
    """The epoch of highest average precision, the first of equals; None where nothing was validated."""
    known = [epoch for epoch in history if epoch.voc_map is not None]
    return max(known, key=lambda epoch: (epoch.voc_map or 0.0, -epoch.epoch), default=None)


def stale(history: Sequence[Epoch]) -> int:
    """Validations since the best one."""
    top = best(history)
    return 0 if top is None else sum(epoch.voc_map is not None and epoch.epoch > top.epoch for epoch in history)


def write_csv(history: Iterable[Epoch], path: Path) -> None:
    """Write all rows anew, at once, so that no row of an epoch that was broken off is ever in it."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(field.name for field in fields(Epoch))
    rows.writerows(astuple(epoch) for epoch in history)
    with whole(path) as file:
        file.write(text.getvalue().encode())
