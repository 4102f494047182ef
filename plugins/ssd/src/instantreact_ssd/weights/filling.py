"""Weights into a network, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from instantreact_sdk import PluginError

_COUNTER = "num_batches_tracked"  # not in all files, and without effect


def fill(model: nn.Module, tensors: Mapping[str, Tensor], source: str) -> None:
    """Load a ``state_dict``. The model gets tensors of its own, on the CPU.

    Args:
        model: What it is for; its weights may have shapes alone.
        tensors: By the model's names.
        source: Where they come from, for the message.

    Raises:
        PluginError: A tensor is missing, too many, or of another shape.
    """
    own = model.state_dict()
    fix = "Use the architecture and the labels that these weights were made with."
    for name, tensor in own.items():
        if name not in tensors and not name.endswith(_COUNTER):
            raise PluginError(f"{source} has no {name}, which this network needs.", fix)
        if name in tensors and tensors[name].shape != tensor.shape:
            theirs, ours = (" x ".join(map(str, shape)) or "1" for shape in (tensors[name].shape, tensor.shape))
            raise PluginError(f"{source} has {theirs} numbers in {name}, but this network {ours}.", fix)
    for name in tensors:
        if name not in own:
            raise PluginError(f"{source} has {name}, which this network does not.", fix)
    given = {name: tensor.to("cpu", own[name].dtype, copy=True) for name, tensor in tensors.items()}
    counters = {name: torch.zeros_like(tensor, device="cpu") for name, tensor in own.items() if name not in given}
    model.load_state_dict(given | counters, assign=True)
