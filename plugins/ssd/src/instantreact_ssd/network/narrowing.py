"""Convolutions from one map to the next smaller one."""

from __future__ import annotations

from torch import nn


def narrowing(channels: int, out: int, before: int, after: int) -> nn.Conv2d:
    """The convolution by which the authors would come from a grid of ``before`` places each way to one of ``after``.

    They halve with a stride of 2, come from 5 to 3 and from 3 to 1 places without padding (SSD300), and from 2 to 1 with a
    kernel of 4 that sees both (SSD512). Where none of this gives ``after``, it is halved: whoever builds the network
    compares its grids with those asked for.
    """
    if before % 2 and after == before - 2:
        return nn.Conv2d(channels, out, 3)
    if (before, after) == (2, 1):
        return nn.Conv2d(channels, out, 4, padding=1)
    return nn.Conv2d(channels, out, 3, stride=2, padding=1)
