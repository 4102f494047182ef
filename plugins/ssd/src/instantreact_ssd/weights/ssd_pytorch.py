"""Weights of ssd.pytorch (github.com/amdegroot/ssd.pytorch), and of the many programs that were made of it."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from instantreact_sdk import PluginError
from instantreact_ssd.architecture import SCALES_VOC, SSD300
from instantreact_ssd.network import SSD
from instantreact_ssd.weights.filling import fill

_CONVOLUTIONAL = {"31": "conv6", "33": "conv7"}
_MEAN = (123 / 255, 117 / 255, 104 / 255)
_STD = (1 / 255, 1 / 255, 1 / 255)


def is_ssd_pytorch(tensors: Mapping[str, Tensor]) -> bool:
    """Whether these are such weights, by their names."""
    return "vgg.0.weight" in tensors and "conf.0.weight" in tensors


def from_ssd_pytorch(tensors: Mapping[str, Tensor], *, scales: tuple[float, ...] = SCALES_VOC) -> SSD:
    """The network of a ``state_dict`` of its SSD300.

    Its pictures are blue, green, red in 0..255, less (104, 117, 123): here the first convolution takes red, green, blue instead,
    and the architecture subtracts the same.

    Args:
        tensors: By its names.
        scales: Of its priors: those of Pascal VOC, or `SCALES_COCO`.

    Raises:
        PluginError: The weights are not of that network, or not complete.
    """
    if not is_ssd_pytorch(tensors):
        raise PluginError("These are no weights of ssd.pytorch.", "Check the file.")
    architecture = SSD300.model_copy(update={"scales": scales, "clip_priors": "all", "mean": _MEAN, "std": _STD})
    columns = tensors["conf.0.weight"].shape[0] // architecture.priors_per_place[0]
    if columns <= 1:
        raise PluginError("These weights of ssd.pytorch tell no classes apart.", "Check the file.")
    renamed = {_renamed(name): tensor for name, tensor in tensors.items()}
    first = "body.features.0.weight"
    renamed[first] = torch.flip(renamed[first], dims=(1,))
    model = SSD.unfilled(architecture, columns - 1)
    fill(model, renamed, "ssd.pytorch's file")
    return model.eval()


def _renamed(name: str) -> str:
    part, _, rest = name.partition(".")
    number, _, kind = rest.partition(".")
    match part:
        case "vgg":
            return f"body.{_CONVOLUTIONAL.get(number, f'features.{number}')}.{kind}"
        case "extras" if number.isdecimal():  # theirs are in one row, ours in pairs with ReLUs between
            return f"body.extras.{int(number) // 2}.{int(number) % 2 * 2}.{kind}"
        case "loc":
            return f"heads.offsets.{rest}"
        case "conf":
            return f"heads.logits.{rest}"
    return "body.norm.scale" if name == "L2Norm.weight" else name
