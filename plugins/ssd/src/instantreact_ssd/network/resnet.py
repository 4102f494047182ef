"""ResNet34 (He et al. 2015, arXiv 1512.03385) with further convolutions as in lesson 9 of fast.ai's course of 2018."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn
from torchvision.models import resnet34

from instantreact_ssd.network.batch_norm import BatchNorm
from instantreact_ssd.network.beginnings import xavier
from instantreact_ssd.network.body import Body
from instantreact_ssd.network.narrowing import narrowing

_DROPOUT = 0.1


class ResNet34Body(Body):
    """Its maps are layer2, layer3, layer4, and one for each further convolution with ReLU, batch norm and dropout.

    Args:
        grids: Places each way of the maps, from the finest.
    """

    def __init__(self, grids: Sequence[int]) -> None:
        super().__init__()
        made = resnet34(weights=None, norm_layer=BatchNorm)
        self.conv1, self.bn1, self.relu, self.maxpool = made.conv1, made.bn1, made.relu, made.maxpool
        self.layer1, self.layer2, self.layer3, self.layer4 = made.layer1, made.layer2, made.layer3, made.layer4
        self.extras = nn.ModuleList()
        channels = [128, 256, 512]
        for before, after in pairwise(grids[2:]):
            convolution = narrowing(channels[-1], 256, before, after)
            self.extras.append(
                nn.Sequential(convolution, nn.ReLU(inplace=True), BatchNorm(256), nn.Dropout(_DROPOUT)),
            )
            channels.append(256)
        self.channels = tuple(channels)
        xavier(self.extras)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Make the maps."""
        features = self.layer1(self.maxpool(self.relu(self.bn1(self.conv1(images)))))
        maps = []
        for layer in (self.layer2, self.layer3, self.layer4, *self.extras):
            features = layer(features)
            maps.append(features)
        return maps

    def stages(self) -> list[Sequence[nn.Module]]:
        """What comes before the residual layers, and each of these."""
        return [(self.conv1, self.bn1), (self.layer1,), (self.layer2,), (self.layer3,), (self.layer4,)]
