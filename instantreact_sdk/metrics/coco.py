"""Average precision and recall as COCO computes them, through a library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.metrics.found import Found, match_up
from instantreact_sdk.types import Objects

COCO_FIGURES = (
    "AP", "AP50", "AP75", "APsmall", "APmedium", "APlarge",
    "AR1", "AR10", "AR100", "ARsmall", "ARmedium", "ARlarge",
)  # fmt: skip
"""In the order in which COCO tells them."""


@dataclass(frozen=True, slots=True, eq=False)
class CocoResult:
    """COCO's figures.

    Attributes:
        figures: Each of `COCO_FIGURES` in 0..1; None where there are no such objects.
        classes: AP of each class by its name; None where it has no objects.
    """

    figures: dict[str, float | None]
    classes: dict[str, float | None]


def score_coco(truth: Sequence[Objects], found: Sequence[Found], labels: Sequence[str]) -> CocoResult:
    """Score detections as COCO does (Lin et al. 2014, and its evaluation server).

    Figures are means over overlaps of .50, .55, ... .95, and use the 100 surest detections of each image and class. An
    object is small below 32 x 32 pixels of its `areas`, large above 96 x 96. COCO knows no difficult objects; they
    are given to it as crowds, which are neither asked for nor wrong to find.

    Args:
        truth: The objects of each image.
        found: The detections in each image, in the same order.
        labels: The names of the classes, each once.

    Raises:
        InstantReactError: IR6001, the package faster-coco-eval (extra ``data``) is not installed; IR4011, there are not
            as many `found` as `truth`, or a label is none of `labels`.
    """
    match_up(truth, found, len(labels))
    try:
        from faster_coco_eval import COCO, COCOeval_faster
    except ImportError:
        raise InstantReactError(
            "IR6001", package="faster-coco-eval", command="pip install 'instantreact-sdk[data]'"
        ) from None
    about = {
        "images": [{"id": image, "width": each.width, "height": each.height} for image, each in enumerate(truth, 1)],
        "categories": [{"id": label, "name": name} for label, name in enumerate(labels)],
    }
    objects = [row for image, each in enumerate(truth, 1) for row in _objects(image, each)]
    detections = [row for image, each in enumerate(found, 1) for row in _detections(image, each)]
    for rows in (objects, detections):
        for number, row in enumerate(rows, 1):  # 0 would mean "no match" to the library
            row["id"] = number
    scored = COCOeval_faster(
        COCO({**about, "annotations": objects}), COCO({**about, "annotations": detections}), "bbox"
    )
    scored.evaluate()
    scored.accumulate()
    scored.summarize()
    of_classes = scored.eval["precision"][:, :, :, 0, -1]  # overlap, recall, class; of all sizes, 100 detections
    return CocoResult(
        {name: _known(figure) for name, figure in zip(COCO_FIGURES, scored.stats, strict=False)},
        {name: _known(_mean(of_classes[:, :, label])) for label, name in enumerate(labels)},
    )


def _objects(image: int, objects: Objects) -> list[dict[str, Any]]:
    rows = zip(
        _sides(objects), objects.labels.tolist(), objects.areas.tolist(), (objects.crowd | objects.difficult).tolist(),
        strict=True,
    )  # fmt: skip
    return [
        {"image_id": image, "bbox": box, "category_id": label, "area": area, "iscrowd": int(left_out)}
        for box, label, area, left_out in rows
    ]


def _detections(image: int, found: Found) -> list[dict[str, Any]]:
    rows = zip(_sides(found), found.labels.tolist(), found.scores.tolist(), strict=True)
    return [
        {"image_id": image, "bbox": box, "category_id": label, "score": score, "area": box[2] * box[3], "iscrowd": 0}
        for box, label, score in rows
    ]


def _sides(rows: Objects | Found) -> list[list[float]]:
    """As x_min, y_min, width, height."""
    return np.hstack([rows.boxes[:, :2], rows.boxes[:, 2:] - rows.boxes[:, :2]]).tolist()  # type: ignore[no-any-return]  # numpy cannot say how deep its lists are


def _mean(values: Any) -> float:
    known = values[values > -1]
    return float(known.mean()) if known.size else -1.0


def _known(figure: float) -> float | None:
    return None if figure < 0 else float(figure)  # the library's sign of "there were none" is -1
