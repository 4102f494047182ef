"""Keeping early convolutions as they are."""

from __future__ import annotations

from itertools import takewhile

from instantreact_sdk import PluginError
from instantreact_ssd.network.ssd import SSD


def freeze(model: SSD, stages: int) -> None:
    """Let the first stages of the backbone learn nothing, and all else learn.

    With few pictures, edges and textures are better taken over from ImageNet than learned again. Averages of batch norms
    in frozen stages do not move either.

    Args:
        model: Changed in place.
        stages: From 0 (all learns) to the number of stages: 5 for VGG16 and ResNet34, 6 for MobileNetV3; a stage ends where
            the picture gets smaller.

    Raises:
        PluginError: The backbone has fewer stages.
    """
    own = model.body.stages()
    if not 0 <= stages <= len(own):
        raise PluginError(
            f"{stages} stages cannot be frozen: {model.architecture.backbone} has {len(own)}.",
            f"Choose a number from 0 to {len(own)}.",
        )
    model.requires_grad_(requires_grad=True)
    for stage in own[:stages]:
        for layer in stage:
            layer.requires_grad_(requires_grad=False)
    model.train(model.training)


def frozen(model: SSD) -> int:
    """How many of the first stages learn nothing."""
    learning = (
        any(each.requires_grad for layer in stage for each in layer.parameters()) for stage in model.body.stages()
    )
    return sum(1 for _ in takewhile(lambda learns: not learns, learning))
