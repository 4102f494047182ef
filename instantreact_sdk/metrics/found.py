"""What a detector found in one image, as the metrics take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.types import Detections, Objects
from instantreact_sdk.types.pixel_boxes import pixel_boxes
from instantreact_sdk.types.read_only import read_only


@final
@dataclass(frozen=True, slots=True, eq=False, init=False)
class Found:
    """The detections in one image in pixels, with one row a detection; edges as those of `Objects`.

    `Detections` are fractions inside the frame, in float32. Result files of others are neither, and have to be scored
    as they are: hence a type that holds them exactly. The arrays are copies, and read-only.

    Attributes:
        boxes: float64 ``(n, 4)``: x_min, y_min, x_max, y_max in pixels; may reach out of the image.
        scores: float64 ``(n,)``, higher is surer; any finite numbers.
        labels: int64 ``(n,)``: positions in the dataset's list of classes.

    Raises:
        InstantReactError: IR4011, the lengths differ; a box has not 4 edges, an edge is not finite or beyond 1e9, or a
            minimum beyond its maximum; a score is not finite; or a label is negative.
    """

    boxes: NDArray[np.float64]
    scores: NDArray[np.float64]
    labels: NDArray[np.int64]

    def __init__(self, boxes: ArrayLike, scores: ArrayLike, labels: ArrayLike) -> None:
        edges = pixel_boxes("Found", boxes)
        sure = np.array(scores, np.float64).reshape(-1)
        classes = np.array(labels, np.int64).reshape(-1)
        if not len(edges) == len(sure) == len(classes):
            raise InstantReactError(
                "IR4011",
                what="Found",
                wanted="as many boxes as scores and labels",
                got=f"{len(edges)} boxes, {len(sure)} scores and {len(classes)} labels",
            )
        if not np.isfinite(sure).all():
            row = int(np.isfinite(sure).argmin())
            raise InstantReactError("IR4011", what=f"Found.scores[{row}]", wanted="a finite number", got=str(sure[row]))
        if (classes < 0).any():
            row = int((classes < 0).argmax())
            raise InstantReactError("IR4011", what=f"Found.labels[{row}]", wanted="0 or more", got=str(classes[row]))
        set_ = object.__setattr__  # the usual way to fill a frozen dataclass with converted values
        set_(self, "boxes", read_only(edges))
        set_(self, "scores", read_only(sure))
        set_(self, "labels", read_only(classes))

    @classmethod
    def of(cls, detections: Detections, width: int, height: int) -> Found:
        """What a detector of the SDK found in an image of so many pixels."""
        return cls(detections.boxes * np.array([width, height] * 2, np.float64), detections.scores, detections.labels)

    def __len__(self) -> int:
        return len(self.boxes)


def match_up(truth: Sequence[Objects], found: Sequence[Found], classes: int) -> None:
    """Make sure that both are of the same number of images, and name no class beyond these.

    Raises:
        InstantReactError: IR4011, they are not.
    """
    if len(truth) != len(found):
        wanted = f"one entry for each of the {len(truth)} images"
        raise InstantReactError("IR4011", what="`found`", wanted=wanted, got=f"{len(found)} long")
    labels = [("Objects", each.labels) for each in truth] + [("Found", each.labels) for each in found]
    for of, numbers in labels:
        highest = int(numbers.max(initial=-1))
        if highest >= classes:
            what = f"A label of {of}"
            raise InstantReactError(
                "IR4011", what=what, wanted=f"below {classes}, the number of classes", got=str(highest)
            )
