"""One picture as the network gets it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from instantreact_ssd.loss.targets import Target

DIFFICULT, CROWD = -1, -2
"""Labels, in place of their own, of what is neither to be found nor background; all that are to be found are from 0 on."""


@dataclass(frozen=True, eq=False, slots=True)
class Example:
    """A picture and what is to be found in it.

    Attributes:
        image: uint8 ``(3, height, width)``, RGB.
        boxes: float32 ``(n, 4)``: x_min, y_min, x_max, y_max in pixels of `image`, inside it, with sides above 0.
        labels: int64 ``(n,)``, from 0; `DIFFICULT` and `CROWD` for what is not to be found, nor background.
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
        asked = self.labels >= 0
        return Target(boxes[asked], self.labels[asked], boxes[self.labels == DIFFICULT], boxes[self.labels == CROWD])
