"""One normalisation in place of another."""

from __future__ import annotations

from collections.abc import Collection

import torch
from torch import nn

from instantreact_ssd.network import SSD

_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)


@torch.no_grad()
def renormalise(model: SSD, loaded: Collection[str]) -> None:
    """Change the first layer, which learned with ImageNet's normalisation, to do the same with the architecture's.

    Mixing the two costs precision without any sign of it. Only at the edges of the picture, beyond which both see zeros, is it not
    exactly the same.

    Args:
        model: Changed in place.
        loaded: The names of the tensors of its body that learned with ImageNet's.
    """
    named = [
        (name, layer) for name, layer in model.body.named_modules() if isinstance(layer, nn.Conv2d | nn.BatchNorm2d)
    ]
    (name, first), (_, second) = named[:2]
    if f"{name}.weight" not in loaded or not isinstance(first, nn.Conv2d):
        return
    mean, std = (torch.tensor(each, dtype=torch.float64) for each in (_MEAN, _STD))
    own_mean, own_std = (
        torch.tensor(each, dtype=torch.float64) for each in (model.architecture.mean, model.architecture.std)
    )
    weight = first.weight.double()
    more = (weight * ((own_mean - mean) / std)[:, None, None]).sum(dim=(1, 2, 3))
    first.weight.copy_(weight * (own_std / std)[:, None, None])
    if first.bias is not None:
        first.bias.add_(more.to(first.bias))
    elif isinstance(second, nn.BatchNorm2d) and second.running_mean is not None:
        second.running_mean.sub_(more.to(second.running_mean))
