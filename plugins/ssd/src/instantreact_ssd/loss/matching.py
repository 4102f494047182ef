"""Which prior is to find which object (paper, section 2.2, "Matching strategy")."""

from __future__ import annotations

from heapq import heapify, heappop, heapreplace

import torch
from torch import Tensor

from instantreact_ssd.boxes import to_edges


def jaccard(boxes: Tensor, priors: Tensor) -> Tensor:
    """Intersection over union, ``(n, P)`` in 0..1.

    Args:
        boxes: ``(n, 4)`` of x_min, y_min, x_max, y_max.
        priors: ``(P, 4)`` of centre x, centre y, width, height.
    """
    common = _common(boxes, priors)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=-1)
    return common / (areas[:, None] + _areas(priors)).sub_(common)


def covered(boxes: Tensor, priors: Tensor) -> Tensor:
    """How much of each prior lies in each box, ``(n, P)`` in 0..1; arguments as of `jaccard`."""
    return _common(boxes, priors) / _areas(priors)


def _common(boxes: Tensor, priors: Tensor) -> Tensor:
    """Areas of intersection."""
    # Edge by edge: with x and y as the innermost dimension of two, this takes ten times as long.
    left, top, right, bottom = to_edges(priors).T.contiguous().unbind()
    x_min, y_min, x_max, y_max = boxes[..., None].unbind(dim=1)
    widths = torch.minimum(x_max, right).sub_(torch.maximum(x_min, left)).clamp_(min=0)
    heights = torch.minimum(y_max, bottom).sub_(torch.maximum(y_min, top)).clamp_(min=0)
    return widths.mul_(heights)


def _areas(priors: Tensor) -> Tensor:
    return priors[:, 2:].prod(dim=-1)


def match(boxes: Tensor, priors: Tensor, min_overlap: float = 0.5) -> Tensor:
    """Gives objects to priors.

    A prior gets the object that it overlaps most, where that is at least `min_overlap`; of equals the first. Before that every object
    gets a prior for itself, however little they overlap, as otherwise nothing would learn to find it: pair by pair, the one that
    overlaps most first, so that of two objects with the same best prior the other gets its next best. The order of the
    objects has no say but between equals. Only where no free prior touches an object at all, it gets none.

    Args:
        boxes: objects, ``(n, 4)`` of x_min, y_min, x_max, y_max; sides above 0. There may be none.
        priors: ``(P, 4)`` of centre x, centre y, width, height.
        min_overlap: in 0..1, as intersection over union.

    Returns:
        int64 ``(P,)``: the index of each prior's object, or -1.
    """
    if not len(boxes):
        return torch.full((len(priors),), -1, device=priors.device)
    overlaps = jaccard(boxes, priors)
    most, matched = overlaps.max(dim=0)
    matched[most < min_overlap] = -1
    objects, own = _one_each(overlaps)
    matched[own] = objects
    return matched


def _one_each(overlaps: Tensor) -> tuple[Tensor, Tensor]:
    """Indices of objects, and of the prior that each gets for itself; the pair that overlaps most of all goes first, and so on."""
    best, wanted = overlaps.max(dim=1)
    pairs = [
        (-overlap, each, prior)
        for each, (overlap, prior) in enumerate(zip(best.tolist(), wanted.tolist(), strict=True))
    ]
    heapify(pairs)
    given: dict[int, int] = {}
    while pairs and pairs[0][0] < 0:
        _, each, prior = pairs[0]
        if prior not in given:
            given[prior] = each
            heappop(pairs)
        else:
            taken = torch.tensor(list(given), device=overlaps.device)
            next_best, next_wanted = overlaps[each].index_fill(0, taken, -1).max(dim=0)
            heapreplace(pairs, (-next_best.item(), each, int(next_wanted)))
    indices = torch.tensor([list(given.values()), list(given)], dtype=torch.int64, device=overlaps.device)
    return indices[0], indices[1]
