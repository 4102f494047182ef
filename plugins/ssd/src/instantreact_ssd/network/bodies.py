"""Which body and which heads an architecture has."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from instantreact_ssd.architecture import Architecture
from instantreact_ssd.network.beginnings import xavier
from instantreact_ssd.network.body import Body
from instantreact_ssd.network.heads import Heads
from instantreact_ssd.network.mobilenet import MobileNetV3Body, lite_head
from instantreact_ssd.network.resnet import ResNet34Body
from instantreact_ssd.network.vgg import VGG16Body


def make_body(architecture: Architecture) -> Body:
    """The backbone with what is behind it."""
    match architecture.backbone:
        case "vgg16":
            return VGG16Body(architecture.grids)
        case "resnet34":
            return ResNet34Body(architecture.grids)
        case "mobilenet_v3":
            return MobileNetV3Body(len(architecture.grids))


def make_heads(architecture: Architecture, channels: Sequence[int], classes: int) -> Heads:
    """Heads for the maps of that body."""
    columns = classes + 1 if architecture.background else classes
    convolution = lite_head if architecture.backbone == "mobilenet_v3" else _full
    return Heads(channels, architecture.priors_per_place, columns, convolution, rare=not architecture.background)


def _full(channels: int, out: int) -> nn.Module:
    layer = nn.Conv2d(channels, out, 3, padding=1)
    xavier(layer)
    return layer
