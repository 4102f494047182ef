"""The loss that needs no mining (Lin et al. 2017, arXiv 1708.02002)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from instantreact_ssd.loss.assignment import alarm, assign, exact
from instantreact_ssd.loss.losses import Losses
from instantreact_ssd.loss.targets import Target


class FocalLoss:
    """Smooth L1 of the offsets, and of each class's sigmoid at all priors a cross-entropy in which easy ones weigh little.

    Both are divided by the number of priors with an object, and at least by that of the pictures: a picture with an object has
    one such prior or more, so this changes nothing but where most have none, and the sum over all their background
    would otherwise grow with the batch.

    Args:
        priors: ``(P, 4)`` of centre x, centre y, width, height.
        min_overlap: intersection over union from which a prior is given to an object.
        alpha: weight of a class that is there; ``1 - alpha`` of one that is not.
        gamma: how much less easy ones weigh: an answer of probability ``p`` to be right by ``(1 - p) ** gamma``.
    """

    def __init__(self, priors: Tensor, *, min_overlap: float = 0.5, alpha: float = 0.25, gamma: float = 2) -> None:
        self.priors = priors
        self.min_overlap = min_overlap
        self.alpha = alpha
        self.gamma = gamma

    def __call__(self, offsets: Tensor, logits: Tensor, targets: Sequence[Target]) -> Losses:
        """The loss of a batch.

        Args:
            offsets: ``(N, P, 4)``, as `instantreact_ssd.boxes.encode` gives them.
            logits: ``(N, P, classes)``.
            targets: one for each picture.
        """
        with torch.autocast(offsets.device.type, enabled=False):
            assigned = assign(targets, self.priors.to(offsets.device), self.min_overlap)
            values = exact(logits).flatten(0, 1)
            there = assigned.rows, assigned.labels
            weights = torch.zeros_like(values)
            weights[assigned.background.flatten()] = 1 - self.alpha
            weights[assigned.rows] = 1 - self.alpha
            weights[there] = self.alpha
            wrong = values.index_put(there, -values[there])
            classification = -(weights * wrong.sigmoid() ** self.gamma * logsigmoid(-wrong)).sum()
            positives = len(assigned.rows)
            shared = max(positives, len(targets))
            return Losses(
                assigned.localization(offsets) / shared + alarm(offsets),
                classification / shared + alarm(logits),
                positives,
            )
