"""One picture as the network gets it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from instantreact_ssd.loss.targets import Target

NEITHER = -1
"""The label of difficult objects and of crowds: neither to be found nor background."""


@dataclass(frozen=True, eq=False, slots=True)
class Example:
    """A picture and what is to be found in it.

    Attributes:
        image: uint8 ``(3, height, width)``, RGB.
        boxes: float32 ``(n, 4)``: x_min, y_min, x_max, y_max in pixels of `image`, inside it, with sides above 0.
        labels: int64 ``(n,)``, from 0; `NEITHER` for objects that are not to be found, nor background.
        name: The id of the sample, for people.
    """

    image: Tensor
    boxes: Tensor
    labels: Tensor
    name: str

    @property
    def target(self) -> Target:
        """What the loss asks for, in fractions of the picture."""
        height, width = self.image.shape[-2:]
        boxes = self.boxes / torch.tensor([width, height, width, height])
        asked = self.labels != NEITHER
        return Target(boxes[asked], self.labels[asked], ignored=boxes[~asked])
