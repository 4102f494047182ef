"""What each prior of a batch is to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import smooth_l1_loss

from instantreact_ssd.boxes import encode
from instantreact_ssd.loss.matching import covered, jaccard, match
from instantreact_ssd.loss.targets import Target


@dataclass(frozen=True)
class Assignment:
    """The priors of all pictures, of which some have an object, most are background, and a few are neither."""

    rows: Tensor
    """int64 ``(positives,)``: where priors with an object are in a flat list of all pictures' priors, ascending."""
    labels: Tensor
    """int64 ``(positives,)``: of their objects."""
    offsets: Tensor
    """``(positives, 4)``: from these priors to their objects, as `instantreact_ssd.boxes.encode` gives them."""
    background: Tensor
    """bool ``(N, P)``: whether nothing is there: no object, nothing difficult and no crowd."""
    positives: Tensor
    """int64 ``(N,)``: how many priors of each picture have an object."""

    def localization(self, offsets: Tensor) -> Tensor:
        """Smooth L1 (beta 1) of ``(N, P, 4)`` offsets, summed over the four and over priors with objects (paper, equation 2)."""
        return smooth_l1_loss(exact(offsets.flatten(0, 1)[self.rows]), self.offsets, reduction="sum", beta=1.0)


def assign(targets: Sequence[Target], priors: Tensor, min_overlap: float) -> Assignment:
    """Gives each picture's objects to its priors.

    Args:
        targets: one for each picture, on any device.
        priors: ``(P, 4)`` of centre x, centre y, width, height, where the result is to be.
        min_overlap: from which a prior is given to an object, or is not background as it shows a difficult one; and how much of a
            prior lies in a crowd, by its own area, where it is not background: the parts of a crowd are smaller than it is.
    """
    here = [target.to(priors.device) for target in targets]
    matched = torch.stack([match(target.boxes, priors, min_overlap) for target in here])
    background = matched < 0
    for picture, target in enumerate(here):
        if len(target.difficult):
            background[picture] &= (jaccard(target.difficult, priors) < min_overlap).all(dim=0)
        if len(target.crowds):
            background[picture] &= (covered(target.crowds, priors) < min_overlap).all(dim=0)
    pictures, places = (matched >= 0).nonzero(as_tuple=True)
    sizes = torch.tensor([len(target.boxes) for target in here], device=priors.device)
    objects = matched[pictures, places] + (sizes.cumsum(0) - sizes)[pictures]
    boxes = torch.cat([target.boxes for target in here])[objects]
    return Assignment(
        rows=pictures * len(priors) + places,
        labels=torch.cat([target.labels for target in here])[objects],
        offsets=encode(boxes, priors[places]),
        background=background,
        positives=(matched >= 0).sum(dim=1),
    )


def exact(values: Tensor) -> Tensor:
    """float32 at least: sums of thousands of losses have no meaning in the half-width types of mixed precision."""
    return values.to(torch.promote_types(values.dtype, torch.float32))


def alarm(predictions: Tensor) -> Tensor:
    """0, or NaN where any prediction is not finite.

    Most predictions are no part of the loss, and one that is infinite may have a finite part in it; so broken weights could
    go unseen for a while.
    """
    return 0 * exact(predictions.detach()).sum()
