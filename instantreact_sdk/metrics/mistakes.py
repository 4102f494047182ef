"""What wrong detections have in common, and the worst of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from instantreact_sdk.metrics.overlap import nearest
from instantreact_sdk.metrics.verdicts import Verdicts
from instantreact_sdk.types import Objects

MistakeKind = Literal["duplicate", "localisation", "other class", "background"]
MISTAKE_KINDS: tuple[MistakeKind, ...] = get_args(MistakeKind)

_TOUCHES = 0.1
"""From this overlap on a wrong detection is about the object: the paper's."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong detection.

    Attributes:
        kind: What is wrong with it.
        image: The position of its image in the sequence that was judged.
        label: The class that it names: a position in the list of classes.
        score: How sure the detector was.
        box: x_min, y_min, x_max, y_max in pixels.
        object: The row, in its image's `Objects`, of the object that it found again, missed narrowly or took for
            something else; None for background.
        overlap: With that object, in 0..1; 0 for background.
    """

    kind: MistakeKind
    image: int
    label: int
    score: float
    box: tuple[float, float, float, float]
    object: int | None
    overlap: float


def find_mistakes(truth: Sequence[Objects], verdicts: Verdicts, min_score: float = -np.inf) -> list[Mistake]:
    """All wrong detections of a score or a higher, the surest and so the worst first.

    The kinds are those of Hoiem et al. 2012 (Diagnosing Error in Object Detectors, ECCV), section 2.2, the first that
    fits: ``duplicate``, which the paper counts among the next: right but for a surer detection of the same object;
    ``localisation``: overlaps an object of its class by .1 or more, but too little to be right; ``other class``:
    overlaps an object of any other class by .1 or more; ``background``: the rest. The paper's list of similar classes,
    which splits the third, is made for VOC's twenty, and left out here.

    Args:
        truth: What the detections were judged by.
        verdicts: What became of them.
        min_score: Below the score at which a detector is used, mistakes are many and matter little.
    """
    rows = np.flatnonzero(verdicts.wrong & (verdicts.scores >= min_score))
    images, boxes, own, overlaps = (
        verdicts.images[rows],
        verdicts.boxes[rows],
        verdicts.objects[rows],
        verdicts.overlaps[rows],
    )
    sizes = np.array([len(each) for each in truth], np.int64)
    objects = np.concatenate([np.zeros((0, 4)), *(each.boxes for each in truth)])
    other_overlaps, others = nearest(boxes, images, objects, np.repeat(np.arange(len(truth)), sizes))

    again = (own >= 0) & (overlaps >= verdicts.min_overlap)  # wrong all the same: a surer one was right
    near = again | (overlaps >= _TOUCHES)
    confused = other_overlaps >= _TOUCHES  # with another class, where none of its own is near
    kinds = np.select([again, near, confused], [0, 1, 2], 3)
    about = np.select([near, confused], [own, others], -1)
    about = np.where(about < 0, about, about - (sizes.cumsum() - sizes)[images])
    shares = np.select([near, confused], [overlaps, other_overlaps], 0.0)
    facts = (images, verdicts.labels[rows], verdicts.scores[rows], boxes, about, shares)
    return [
        Mistake(MISTAKE_KINDS[kind], image, label, score, tuple(box), None if row < 0 else row, overlap)
        for kind, image, label, score, box, row, overlap in zip(
            kinds.tolist(), *(each.tolist() for each in facts), strict=True
        )
    ]
