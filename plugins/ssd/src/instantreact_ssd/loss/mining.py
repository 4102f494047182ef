"""Hard negatives (paper, section 2.2)."""

from __future__ import annotations

import torch
from torch import Tensor


def hardest(costs: Tensor, candidates: Tensor, quotas: Tensor) -> Tensor:
    """The candidates of each picture that cost most.

    What is taken of a picture depends on nothing else in the batch. Of equal ones the first are taken, as networks that know
    nothing yet give many, and which of them a sort puts first differs by device.

    Args:
        costs: ``(N, P)``, finite.
        candidates: bool ``(N, P)``; others are not taken.
        quotas: int64 ``(N,)``: how many to take of each picture; all where it has fewer.

    Returns:
        bool ``(N, P)``.
    """
    quotas = torch.minimum(quotas, candidates.sum(dim=1))
    most = int(quotas.max()) if len(quotas) else 0
    if not most:
        return torch.zeros_like(candidates)
    costs = costs.masked_fill(~candidates, -torch.inf)
    ordered = costs.topk(most, dim=1).values
    least = ordered.gather(1, (quotas - 1).clamp(min=0)[:, None])
    above, equal = costs > least, costs == least
    return above | (equal & (equal.cumsum(dim=1) <= (quotas - above.sum(dim=1))[:, None]))
