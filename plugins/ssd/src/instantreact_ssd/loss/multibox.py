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

    In the paper a picture without objects has three times no negatives: it teaches nothing, and what is seen in it by mistake
    stays. Here it has `least_negatives`. An object of ordinary size is given five or six of SSD300's priors (mean of Pascal VOC's
    animals: 5.7), so 15 negatives make an empty picture count like one with a single object; pictures with objects seldom have
    fewer than five such priors, and 3 to 1 stays what it was for them.

    The paper divides by the number of priors with an object. Where nearly all pictures of a batch are empty, that is a few or none,
    and the gradient of their negatives would be large, or infinite. So the divisor is at least a third of the negatives
    (`negatives_per_positive`). It is the paper's unless a picture has fewer than five; and the classification is never more than
    the mean of the positives' cross-entropies and three times that of the negatives', whatever is in the batch: ``3 ln K`` of
    empty pictures where nothing was learnt yet, beside ``4 ln K`` of others.

    Args:
        priors: ``(P, 4)`` of centre x, centre y, width, height.
        min_overlap: intersection over union from which a prior is given to an object.
        negatives_per_positive: for each prior with an object, this many of the same picture's that cost most as background.
        least_negatives: as many in any case, as far as there are.
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
                costs = -exact(logits).log_softmax(dim=-1)[..., 0]
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
