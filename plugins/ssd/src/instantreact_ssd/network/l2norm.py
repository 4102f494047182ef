"""The normalisation of conv4_3."""

from __future__ import annotations

import torch
from torch import Tensor, nn

_LEAST = 1e-10


class L2Norm(nn.Module):
    """Brings the features of each place to length 1, then scales each channel by a learned factor.

    Features of conv4_3 are larger than those of later maps, and would drown them (Liu et al. 2015, arXiv 1506.04579, section
    3.3; SSD paper, section 3.1).

    Args:
        channels: How many features a place has.
        scale: What the factors begin with.
    """

    def __init__(self, channels: int, scale: float = 20.0) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.full((channels,), scale))

    def forward(self, features: Tensor) -> Tensor:
        """``(n, channels, h, w)`` as it came, in float32: squares of features leave bfloat16's precision behind.

        The least length is inside of the root: beside it, the gradient of a place without any feature would be infinite.
        """
        features = features.float()
        lengths = features.square().sum(1, keepdim=True)
        return features * torch.rsqrt(lengths + _LEAST) * self.scale[:, None, None]
