"""VGG16's fully connected layers as convolutions."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from instantreact_sdk import PluginError

_FC6 = (4096, 512 * 7 * 7)
_FC7 = (4096, 4096)


def convolutional(tensors: Mapping[str, Tensor], source: str) -> dict[str, Tensor]:
    """Of fc6 and fc7, where they are there, conv6 and conv7: every fourth channel, and of 7 x 7 places every third.

    (Chen et al. 2014, arXiv 1412.7062, section 3.1; SSD paper, section 3.)

    Args:
        tensors: By the names of torchvision's ``vgg16``.
        source: Where they come from, for the message.

    Raises:
        PluginError: They are not of VGG16's shapes.
    """
    made = {}
    for theirs, ours, shape in (("classifier.0", "conv6", _FC6), ("classifier.3", "conv7", _FC7)):
        weight, bias = (tensors.get(f"{theirs}.{kind}") for kind in ("weight", "bias"))
        if weight is None or bias is None:
            continue
        if tuple(weight.shape) != shape or tuple(bias.shape) != shape[:1]:
            raise PluginError(
                f"{source} has no VGG16: its {theirs} is of another size.", "Name a file of torchvision's vgg16."
            )
        places = 7 if ours == "conv6" else 1
        made[f"{ours}.weight"] = weight.view(4096, -1, places, places)[::4, :: 1 if places > 1 else 4, ::3, ::3]
        made[f"{ours}.bias"] = bias[::4]
    return made
