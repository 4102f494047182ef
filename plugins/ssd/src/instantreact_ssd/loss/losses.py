"""What a loss gives."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Losses:
    """The two parts of a batch's loss, each a scalar and already divided, in float32 or what is more exact."""

    localization: Tensor
    """How far the boxes are off."""
    classification: Tensor
    """How far the scores are off."""
    positives: int
    """Priors of the batch to which an object was given."""

    @property
    def total(self) -> Tensor:
        """What is to be made smaller: the sum of both (paper, equation 1, with alpha 1)."""
        return self.localization + self.classification
