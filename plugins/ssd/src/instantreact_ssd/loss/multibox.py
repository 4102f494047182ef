"""The loss of the paper (section 2.2, "Training objective"), from which pictures without objects learn, too."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from instantreact_ssd.loss.assignment import alarm, assign, exact
from instantreact_ssd.loss.losses import Losses
from instantreact_ssd.loss.mining import hardest
from instantreact_ssd.loss.targets import Target


class MultiBoxLoss:
    """Smooth L1 of the offsets, and cross-entropy of a softmax over the background and the classes.

    Args:
        priors: ``(P, 4)`` of centre x, centre y, width, height.
        min_overlap: intersection over union from which a prior is given to an object.
        negatives_per_positive: for each prior with an object, this many of the same picture's that cost most as background.
        least_negatives: as many in any case.
    """

    def __init__(
        self, priors: Tensor, *, min_overlap: float = 0.5, negatives_per_positive: int = 3, least_negatives: int = 15
    ) -> None:
        self.priors = priors
        self.min_overlap = min_overlap
        self.negatives_per_positive = negatives_per_positive
        self.least_negatives = least_negatives

    def __call__(self, offsets: Tensor, logits: Tensor, targets: Sequence[Target]) -> Losses:
        """The loss of a batch.

        Args:
            offsets: ``(N, P, 4)``, as `instantreact_ssd.boxes.encode` gives them.
            logits: ``(N, P, classes + 1)``; the background comes first.
            targets: one for each picture.
        """
        with torch.autocast(offsets.device.type, enabled=False):
            assigned = assign(targets, self.priors.to(offsets.device), self.min_overlap)
            with torch.no_grad():
                values = exact(logits)
                costs = values.logsumexp(dim=-1) - values[..., 0]
                quotas = (self.negatives_per_positive * assigned.positives).clamp(min=self.least_negatives)
                negatives = hardest(costs, assigned.background, quotas).flatten().nonzero()[:, 0]
            rows = torch.cat([assigned.rows, negatives])
            labels = torch.cat([assigned.labels + 1, torch.zeros_like(negatives)])
            classification = cross_entropy(exact(logits.flatten(0, 1)[rows]), labels, reduction="sum")
            positives = len(assigned.rows)
            shared = max(positives, len(negatives) / self.negatives_per_positive, 1)
            return Losses(
                assigned.localization(offsets) / shared + alarm(offsets),
                classification / shared + alarm(logits),
                positives,
            )
