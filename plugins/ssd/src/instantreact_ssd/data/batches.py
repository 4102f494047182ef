"""Pictures of one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from instantreact_ssd.data.example import Example
from instantreact_ssd.loss.targets import Target


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """Pictures of one step.

    Attributes:
        images: uint8 ``(n, 3, size, size)``, RGB: a quarter of what floats take on the way to the accelerator.
        targets: What is to be found in each.
        names: Ids of the samples, for people.
    """

    images: Tensor
    targets: list[Target]
    names: list[str]

    def __len__(self) -> int:
        return len(self.names)

    def to(self, device: torch.device | str, non_blocking: bool = False) -> Batch:
        """The same on another device; Lightning moves what has this method."""
        return Batch(
            self.images.to(device, non_blocking=non_blocking),
            [target.to(device, non_blocking=non_blocking) for target in self.targets],
            self.names,
        )

    def pin_memory(self) -> Batch:
        """The same with images that are copied to an accelerator while others are computed; `DataLoader` calls this."""
        return Batch(self.images.pin_memory(), self.targets, self.names)


def collate(examples: Sequence[Example]) -> Batch:
    """A batch of examples of one size."""
    return Batch(
        torch.stack([example.image for example in examples]),
        [example.target for example in examples],
        [example.name for example in examples],
    )
