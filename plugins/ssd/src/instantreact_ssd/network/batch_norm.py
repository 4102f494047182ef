"""Batch normalisation that can be trained with any batch."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (what everybody calls it)


class BatchNorm(nn.BatchNorm2d):
    """The usual one, except that a channel with a single value is normalised by the averages so far.

    The last map of an SSD has one place: with one picture in a batch, as the last of an epoch may have, there is no variance,
    and the usual one refuses to go on.
    """

    def forward(self, features: Tensor) -> Tensor:
        """``(n, channels, h, w)`` as it came."""
        if self.training and features.shape[0] * features.shape[2] * features.shape[3] == 1:
            return F.batch_norm(features, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        return super().forward(features)
