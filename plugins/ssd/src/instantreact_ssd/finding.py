"""From predictions to boxes: threshold, decode, and suppress what is found twice (paper, section 3.7)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torchvision.ops import batched_nms

from instantreact_ssd.boxes import decode

CANDIDATES = 400
"""How many of a class's best predictions in a picture are compared with each other."""


@dataclass(frozen=True, slots=True)
class Finds:
    """What was found in one picture, surest first."""

    boxes: Tensor
    """float32 ``(n, 4)``: x_min, y_min, x_max, y_max as fractions of the picture, in 0..1, each with an area."""
    scores: Tensor
    """float32 ``(n,)``: at least the score asked for."""
    labels: Tensor
    """int64 ``(n,)``: from 0, without background."""


def find(
    offsets: Tensor,
    scores: Tensor,
    priors: Tensor,
    *,
    min_score: float,
    max_overlap: float,
    top_k: int,
    candidates: int = CANDIDATES,
) -> list[Finds]:
    """The objects of each picture of a batch.

    The same as torchvision's SSD gives at the same settings, except for boxes that have no area once they are cut at the
    picture's edges: those are left out, as is what is not finite.

    Args:
        offsets: ``(pictures, priors, 4)`` as `decode` takes them.
        scores: ``(pictures, priors, classes)`` in 0..1, without background.
        priors: ``(priors, 4)`` of centre x, centre y, width, height as fractions.
        min_score: Only what has this score or a higher one, as `Threshold.score` of the metrics is meant, too.
        max_overlap: Of two boxes of one label with a larger Jaccard overlap, only the surer one.
        top_k: The most objects of one picture.
        candidates: The most predictions of one label in one picture that are looked at.
    """
    scores = scores.float()
    # Few: all that follows is done for them alone.
    pictures, rows, labels = (scores >= min_score).nonzero().unbind(dim=1)
    found = scores[pictures, rows, labels]
    best = _best_of_each(pictures * scores.shape[2] + labels, found, candidates)
    pictures, rows, labels, found = pictures[best], rows[best], labels[best], found[best]
    boxes = decode(offsets[pictures, rows].float(), priors[rows].float()).clamp(0, 1)
    has_area = (boxes[:, 2:] > boxes[:, :2]).all(dim=1)  # NaN has none
    finds = []
    for picture in range(len(scores)):
        mine = ((pictures == picture) & has_area).nonzero().squeeze(1)
        kept = mine[batched_nms(boxes[mine], found[mine], labels[mine], max_overlap)[:top_k]]
        finds.append(Finds(boxes[kept], found[kept], labels[kept]))
    return finds


def _best_of_each(groups: Tensor, scores: Tensor, most: int) -> Tensor:
    """Positions of the `most` highest scores of each group; of equal ones, those that come first."""
    order = scores.argsort(descending=True, stable=True)
    order = order[groups[order].argsort(stable=True)]
    sizes = groups.bincount()
    begins = sizes.cumsum(0) - sizes
    rank = torch.arange(len(order), device=order.device) - begins[groups[order]]
    return order[rank < most]
