"""The boxes that predictions start from."""

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor

from instantreact_ssd.architecture import Architecture


def make_priors(architecture: Architecture) -> Tensor:
    """All priors, in the order of the predictions: map by map, row by row, and at each place the squares first.

    At each place: scale ``s``, the mean ``sqrt(s * next s)``, and for each ratio the wide one, then the high one (paper, section
    2.2; the order is that of the authors' network).

    Returns:
        float32 ``(priors, 4)``: centre x, centre y, width, height, as fractions of the picture.
    """
    rows: list[tuple[float, float, float, float]] = []
    steps: tuple[float, ...] = architecture.steps or tuple(architecture.size / grid for grid in architecture.grids)
    for grid, step, ratios, scale, following in zip(
        architecture.grids,
        steps,
        architecture.aspect_ratios,
        architecture.scales[:-1],
        architecture.scales[1:],
        strict=True,
    ):
        mean = sqrt(scale * following)
        sides = [(scale, scale), (mean, mean)]
        for ratio in ratios:
            wide, high = scale * sqrt(ratio), scale / sqrt(ratio)
            sides += [(wide, high), (high, wide)]
        places = [(place + 0.5) * step / architecture.size for place in range(grid)]
        rows += [(x, y, width, height) for y in places for x in places for width, height in sides]
    priors = torch.tensor(rows, dtype=torch.float64, device="cpu")
    cut = {"all": priors, "sides": priors[:, 2:], "none": priors[:0]}[architecture.clip_priors]
    cut.clamp_(0, 1)
    return priors.float()
