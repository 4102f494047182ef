"""What a network should find in one picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import torch
from torch import Tensor


def _none() -> Tensor:
    return torch.zeros(0, 4)


@dataclass(frozen=True)
class Target:
    """The objects of one picture; none is a target, too.

    Args:
        boxes: ``(n, 4)`` of x_min, y_min, x_max, y_max, fractions of the picture in 0..1; sides above 0.
        labels: int64 ``(n,)``, from 0; there is no number for the background.
        difficult: ``(m, 4)`` like `boxes`, of objects that are neither to be found nor background.
        crowds: ``(k, 4)`` like `boxes`, of places full of objects that nobody boxed one by one; nothing in there is background.

    Raises:
        ValueError: where these do not fit each other. Boxes without a side are the usual cause of losses that are not a number.
    """

    boxes: Tensor
    labels: Tensor
    difficult: Tensor = field(default_factory=_none)
    crowds: Tensor = field(default_factory=_none)

    def __post_init__(self) -> None:
        for name in ("boxes", "difficult", "crowds"):
            boxes: Tensor = getattr(self, name)
            if boxes.shape != (len(boxes), 4):
                raise ValueError(f"{name} must be (n, 4), not {tuple(boxes.shape)}")
            # On an accelerator looking would make the processor wait for it; targets are made on the processor.
            if boxes.device.type == "cpu" and not (boxes[:, 2:] > boxes[:, :2]).all():
                raise ValueError(f"{name} must have sides above 0")
        if self.labels.shape != self.boxes.shape[:1]:
            raise ValueError(f"there are {len(self.boxes)} boxes, and labels of shape {tuple(self.labels.shape)}")

    def to(self, device: torch.device | str, non_blocking: bool = False) -> Self:
        """The same on another device; Lightning moves what has this method."""
        return type(self)(
            self.boxes.to(device, non_blocking=non_blocking),
            self.labels.to(device, non_blocking=non_blocking),
            self.difficult.to(device, non_blocking=non_blocking),
            self.crowds.to(device, non_blocking=non_blocking),
        )
