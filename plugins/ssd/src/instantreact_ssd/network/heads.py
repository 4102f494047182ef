"""Predictions from feature maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log

import torch
from torch import Tensor, nn

_PRIOR = 0.01


class Heads(nn.Module):
    """One convolution a map for the offsets of its priors, one for what they show (paper, section 2.1).

    Args:
        channels: Of each map.
        priors: How many priors stand at each place of each map.
        columns: How many numbers say what a prior shows.
        convolution: Makes the layers of one head from its channels in and out; the last convolution has a bias.
        rare: Whether each class is as unlikely to begin with as it will be: 1 in 100. With a sigmoid for each class, thousands
            of priors that show nothing would else drown the first steps (Lin et al. 2017, arXiv 1708.02002, section 3.3).
    """

    def __init__(
        self,
        channels: Sequence[int],
        priors: Sequence[int],
        columns: int,
        convolution: Callable[[int, int], nn.Module],
        *,
        rare: bool,
    ) -> None:
        super().__init__()
        self.columns = columns
        self.offsets = nn.ModuleList([convolution(each, 4 * n) for each, n in zip(channels, priors, strict=True)])
        self.logits = nn.ModuleList([convolution(each, columns * n) for each, n in zip(channels, priors, strict=True)])
        if rare:
            for head in self.logits:
                nn.init.constant_(last(head).bias, -log((1 - _PRIOR) / _PRIOR))  # type: ignore[arg-type]  # has one: see above

    def forward(self, maps: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """``(n, priors, 4)`` offsets and ``(n, priors, columns)`` logits, in the order of `make_priors`."""
        return _joined(self.offsets, maps, 4), _joined(self.logits, maps, self.columns)


def last(head: nn.Module) -> nn.Conv2d:
    """The convolution whose outputs are the predictions."""
    return [layer for layer in head.modules() if isinstance(layer, nn.Conv2d)][-1]


def _joined(heads: nn.ModuleList, maps: Sequence[Tensor], columns: int) -> Tensor:
    """Row by row, place by place, prior by prior."""
    rows = [
        head(features).permute(0, 2, 3, 1).reshape(features.shape[0], -1, columns)
        for head, features in zip(heads, maps, strict=True)
    ]
    return torch.cat(rows, dim=1)
