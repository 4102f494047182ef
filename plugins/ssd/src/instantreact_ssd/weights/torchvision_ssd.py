"""Weights of torchvision's detectors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from torch import Tensor

from instantreact_sdk import PluginError
from instantreact_ssd.architecture import SSD300, SSDLITE320
from instantreact_ssd.network import SSD
from instantreact_ssd.weights.filling import fill

_SSD300 = SSD300.model_copy(
    update={"clip_priors": "sides", "mean": (0.48235, 0.45882, 0.40784), "std": (1 / 255, 1 / 255, 1 / 255)}
)
_SSDLITE320 = SSDLITE320.model_copy(update={"clip_priors": "sides"})

# How a name of theirs begins, how ours does, and what is added to the number that is found there.
_Renaming = tuple[str, str, int]
_HEADS: tuple[_Renaming, ...] = (
    (r"head\.regression_head\.module_list\.(\d+)", "heads.offsets.{}", 0),
    (r"head\.classification_head\.module_list\.(\d+)", "heads.logits.{}", 0),
)
_VGG16: tuple[_Renaming, ...] = (
    (r"backbone\.scale_weight", "body.norm.scale", 0),
    (r"backbone\.features\.(\d+)", "body.features.{}", 0),
    (r"backbone\.extra\.0\.7\.1(?=\.)", "body.conv6", 0),
    (r"backbone\.extra\.0\.7\.3(?=\.)", "body.conv7", 0),
    (r"backbone\.extra\.0\.(\d+)", "body.features.{}", 23),
    (r"backbone\.extra\.(\d+)", "body.extras.{}", -1),
)
_MOBILENET: tuple[_Renaming, ...] = (
    (r"backbone\.features\.0\.13(?=\.)", "body.features.13.block.0", 0),
    (r"backbone\.features\.0\.(\d+)", "body.features.{}", 0),
    (r"backbone\.features\.1\.0(?=\.)", "body.features.13.block", 0),
    (r"backbone\.features\.1\.(\d+)", "body.features.{}", 13),
    (r"backbone\.extra\.(\d+)", "body.extras.{}", 0),
)


def is_torchvision_ssd(tensors: Mapping[str, Tensor]) -> bool:
    """Whether these are the weights of one of its SSDs, by their names."""
    return "head.classification_head.module_list.0.weight" in tensors or _is_lite(tensors)


def from_torchvision_ssd(tensors: Mapping[str, Tensor]) -> SSD:
    """The network of a ``state_dict`` of ``ssd300_vgg16`` or ``ssdlite320_mobilenet_v3_large``, with their normalisation.

    Its predictions are theirs, for pictures that were made 300 or 320 pixels wide and high.

    Raises:
        PluginError: The weights are not of those two, or not complete.
    """
    lite = _is_lite(tensors)
    architecture = _SSDLITE320 if lite else _SSD300
    renaming = (*_HEADS, *(_MOBILENET if lite else _VGG16))
    bias = tensors.get(f"head.classification_head.module_list.0.{'1.' * lite}bias")
    columns = 0 if bias is None else bias.numel() // architecture.priors_per_place[0]
    if columns <= 1:
        raise PluginError(
            "These are no weights of an SSD of torchvision: they tell no classes apart.", "Check the file."
        )
    model = SSD.unfilled(architecture, columns - 1)
    fill(model, {_renamed(name, renaming): tensor for name, tensor in tensors.items()}, "torchvision's file")
    return model.eval()


def _is_lite(tensors: Mapping[str, Tensor]) -> bool:
    return "head.classification_head.module_list.0.1.weight" in tensors


def _renamed(name: str, renaming: Sequence[_Renaming]) -> str:
    for theirs, ours, added in renaming:
        match = re.match(theirs, name)
        if match:
            numbers = [int(number) + added for number in match.groups()]
            return ours.format(*numbers) + name[match.end() :]
    return name
