"""Backbones that learned to tell ImageNet's classes apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from torchvision.models import (
    MobileNet_V3_Large_Weights,
    ResNet34_Weights,
    VGG16_Weights,
)

from instantreact_sdk import PluginError
from instantreact_ssd.architecture import Backbone
from instantreact_ssd.network import SSD
from instantreact_ssd.network.mobilenet import REDUCED
from instantreact_ssd.pretrained.decimation import convolutional
from instantreact_ssd.pretrained.fetching import fetched
from instantreact_ssd.pretrained.normalisation import renormalise
from instantreact_ssd.weights.reading import read_tensors

_ADDRESSES: Mapping[Backbone, str] = {
    "vgg16": VGG16_Weights.IMAGENET1K_V1.url,
    "resnet34": ResNet34_Weights.IMAGENET1K_V1.url,
    "mobilenet_v3": MobileNet_V3_Large_Weights.IMAGENET1K_V1.url,
}


def load_base_weights(model: SSD, path: Path | None = None) -> tuple[str, ...]:
    """Let the backbone of a new network begin with what torchvision's classifier of the same name learned.

    A file may have a part of the layers, as the 13 convolutions of VGG16 alone; the others stay as they are. Of VGG16's fully
    connected layers, where they are there, conv6 and conv7 are made. The halved end of MobileNetV3 always begins anew, as it is
    none of the classifier's. Those classifiers saw pictures normalised by ImageNet's mean and deviation; where the
    architecture has others, the first layer is changed so that it sees the same.

    Args:
        model: Changed in place.
        path: .pth, .pt, .safetensors or .npz with the names of torchvision's ``vgg16``, ``resnet34`` or ``mobilenet_v3_large``; None
            for its own file, fetched where it is missing.

    Returns:
        The names of the tensors that were loaded, as in the model's body.

    Raises:
        PluginError: The file cannot be read or fetched, or is of another network.
    """
    backbone = model.architecture.backbone
    path = path or fetched(_ADDRESSES[backbone], "Or name a file of your own with `--base-weights FILE`.")
    tensors = read_tensors(path)
    if backbone == "vgg16":
        tensors |= convolutional(tensors, str(path))
    own = model.body.state_dict()
    found = {
        name: tensors[name]
        for name in own
        if name in tensors and not (backbone == "mobilenet_v3" and REDUCED.match(name))
    }
    if not any(name.endswith("weight") for name in found):
        raise PluginError(
            f"{path} has no layer of torchvision's {backbone}.",
            "Name a file with its layers, or leave base weights out; a trained detector is given by init.",
        )
    for name, tensor in found.items():
        if tensor.shape != own[name].shape:
            theirs, ours = (" x ".join(map(str, shape)) for shape in (tensor.shape, own[name].shape))
            raise PluginError(
                f"{path} has {theirs} numbers in {name}, but {backbone} {ours}.", "Name a file with its layers."
            )
    model.body.load_state_dict(found, strict=False)
    renormalise(model, found)
    return tuple(found)
