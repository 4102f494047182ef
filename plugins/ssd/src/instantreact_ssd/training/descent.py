"""Which of the weights learn, and how fast."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from instantreact_ssd.training.options import TrainingOptions


def descent(network: nn.Module, options: TrainingOptions, *, fused: bool = True) -> torch.optim.SGD:
    """Stochastic gradient descent as the authors of SSD set it up.

    Kernels decay; the biases of convolutions learn faster and do not; what scales or shifts a normalisation learns as
    kernels do and does not decay. Frozen weights are left out.

    Args:
        network: What learns.
        options: How.
        fused: Whether a step is taken in one pass over memory. It cannot be where gradients of fp16 have to be clipped.

    Returns:
        The optimizer. Its groups have, besides its own values, a ``factor``: that of the group's learning rate.
    """
    kernels: list[nn.Parameter] = []
    biases: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for module in network.modules():
        for name, parameter in module.named_parameters(recurse=False):
            if not parameter.requires_grad:
                continue
            convolution = isinstance(module, nn.Conv2d | nn.Linear)
            (biases if convolution and name == "bias" else kernels if convolution else others).append(parameter)
    groups: list[dict[str, Any]] = [
        {"params": kernels, "factor": 1.0, "weight_decay": options.weight_decay},
        {"params": biases, "factor": options.bias_rate, "weight_decay": 0.0},
        {"params": others, "factor": 1.0, "weight_decay": 0.0},
    ]
    filled = [group for group in groups if group["params"]]
    return torch.optim.SGD(filled, lr=0.0, momentum=options.momentum, fused=fused)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Give each group this learning rate times its factor."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group["factor"]
