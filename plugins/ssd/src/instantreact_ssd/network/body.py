"""What every body of an SSD is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from torch import Tensor, nn


class Body(nn.Module, ABC):
    """The backbone and the convolutions that were put behind it.

    Attributes:
        channels: Of each map that it makes, from the finest.
    """

    channels: tuple[int, ...]

    @abstractmethod
    def forward(self, images: Tensor) -> list[Tensor]:
        """Make the maps of normalised pictures: ``(n, channels, grid, grid)`` each, from the finest."""

    @abstractmethod
    def stages(self) -> list[Sequence[nn.Module]]:
        """The layers of the backbone in groups, in order; what is behind it is in none."""
