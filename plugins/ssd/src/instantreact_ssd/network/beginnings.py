"""Weights to begin with."""

from __future__ import annotations

from torch import nn


def xavier(module: nn.Module) -> None:
    """Fill all convolutions as the authors did: Glorot and Bengio 2010, equation 16; biases 0."""
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def gaussian(module: nn.Module) -> None:
    """Fill all convolutions with a standard deviation of .03, as those of MobileNets for detection are; biases 0."""
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.normal_(layer.weight, std=0.03)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
