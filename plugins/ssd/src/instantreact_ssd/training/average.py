"""A running average of the weights."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Average:
    """Keeps a second network at the exponential moving average of a first one that learns.

    Its weights are calmer than those of any one step, and usually better (Polyak and Juditsky 1992). Frozen weights are the same in both, and
    cost nothing.

    Args:
        average: The second network; it is changed in place.
        learning: The first, of the same architecture and with the same weights to begin with.
        decay: What is kept of the average at a step, at most; 0 makes it a copy.
    """

    def __init__(self, average: nn.Module, learning: nn.Module, decay: float) -> None:
        self._decay = decay
        pairs: list[tuple[Tensor, Tensor]] = [
            (old, new)
            for old, new in zip(average.parameters(), learning.parameters(), strict=True)
            if new.requires_grad
        ]
        buffers = list(zip(average.buffers(), learning.buffers(), strict=True))
        pairs += [(old, new) for old, new in buffers if new.is_floating_point()]
        self._averages: list[Tensor] = [old.detach() for old, _ in pairs]
        self._weights: list[Tensor] = [new.detach() for _, new in pairs]
        self._counts = [(old, new) for old, new in buffers if not new.is_floating_point()]

    def decay(self, step: int) -> float:
        """What is kept of the average after the step with this number, from 0."""
        return min(self._decay, (1 + step) / (10 + step))

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Move it towards the weights as they are after this step."""
        torch._foreach_lerp_(self._averages, self._weights, 1 - self.decay(step))
        for old, new in self._counts:
            old.copy_(new)
