"""Boxes by their edges and by their centres, and offsets from priors."""

from __future__ import annotations

from math import log

import torch
from torch import Tensor

VARIANCES = (0.1, 0.2)
"""What offsets of centres and of sides are divided by, so that both vary about as much as scores do (the authors' choice)."""

LARGEST = log(1000 / 16)
"""A predicted side is at most this often, as a logarithm, its prior's; before training ends anything may be predicted."""


def to_edges(boxes: Tensor) -> Tensor:
    """``(..., 4)`` of centre x, centre y, width, height as x_min, y_min, x_max, y_max."""
    centres, sides = boxes[..., :2], boxes[..., 2:]
    return torch.cat([centres - sides / 2, centres + sides / 2], dim=-1)


def to_centres(boxes: Tensor) -> Tensor:
    """``(..., 4)`` of x_min, y_min, x_max, y_max as centre x, centre y, width, height."""
    low, high = boxes[..., :2], boxes[..., 2:]
    return torch.cat([(low + high) / 2, high - low], dim=-1)


def encode(boxes: Tensor, priors: Tensor) -> Tensor:
    """Offsets that turn priors into boxes (paper, section 2.2, equation 2), divided by `VARIANCES`.

    Args:
        boxes: ``(..., 4)`` of x_min, y_min, x_max, y_max; sides above 0.
        priors: ``(..., 4)`` of centre x, centre y, width, height; sides above 0.
    """
    centres = to_centres(boxes)
    return torch.cat(
        [
            (centres[..., :2] - priors[..., :2]) / priors[..., 2:] / VARIANCES[0],
            torch.log(centres[..., 2:] / priors[..., 2:]) / VARIANCES[1],
        ],
        dim=-1,
    )


def decode(offsets: Tensor, priors: Tensor) -> Tensor:
    """The opposite of `encode`: ``(..., 4)`` of x_min, y_min, x_max, y_max; may reach out of the picture."""
    centres = priors[..., :2] + offsets[..., :2] * VARIANCES[0] * priors[..., 2:]
    sides = priors[..., 2:] * torch.exp((offsets[..., 2:] * VARIANCES[1]).clamp(max=LARGEST))
    return to_edges(torch.cat([centres, sides], dim=-1))
