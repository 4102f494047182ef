"""The authors' body: VGG16 (Simonyan and Zisserman 2014, arXiv 1409.1556, configuration D)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (what everybody calls it)

from instantreact_ssd.network.beginnings import xavier
from instantreact_ssd.network.body import Body
from instantreact_ssd.network.l2norm import L2Norm
from instantreact_ssd.network.narrowing import narrowing

_BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
_THIRD_POOL = 2
_CONV4_3 = 22  # after its ReLU
_EXTRAS = ((256, 512), (128, 256))
"""Channels between and out of the first convolutions behind conv7, and of all others."""


class VGG16Body(Body):
    """VGG16 with its fully connected layers made convolutions, and further ones behind (paper, section 2.1 and figure 2).

    Its maps are conv4_3 with normalised features, conv7, and one for each pair of further convolutions.

    Args:
        grids: Places each way of the maps, from the finest.
    """

    def __init__(self, grids: Sequence[int]) -> None:
        super().__init__()
        self.features = _features()
        self.norm = L2Norm(512)
        self.conv6 = nn.Conv2d(512, 1024, 3, padding=6, dilation=6)
        self.conv7 = nn.Conv2d(1024, 1024, 1)
        self.extras = nn.ModuleList()
        channels = [512, 1024]
        for number, (before, after) in enumerate(pairwise(grids[1:])):
            between, out = _EXTRAS[min(number, 1)]
            self.extras.append(
                nn.Sequential(
                    nn.Conv2d(channels[-1], between, 1),
                    nn.ReLU(inplace=True),
                    narrowing(between, out, before, after),
                    nn.ReLU(inplace=True),
                )
            )
            channels.append(out)
        self.channels = tuple(channels)
        for module in (self.conv6, self.conv7, self.extras):
            xavier(module)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Make the maps."""
        maps = []
        features = images
        for index, layer in enumerate(self.features):
            features = layer(features)
            if index == _CONV4_3:
                maps.append(self.norm(features))
        # In place of the fifth pooling by 2; a dilated conv6 then sees as far as fc6 did, on a map twice as fine.
        features = F.max_pool2d(features, 3, stride=1, padding=1)
        features = F.relu(self.conv6(features), inplace=True)
        features = F.relu(self.conv7(features), inplace=True)
        maps.append(features)
        for extra in self.extras:
            features = extra(features)
            maps.append(features)
        return maps

    def stages(self) -> list[Sequence[nn.Module]]:
        """The five blocks of convolutions of one size."""
        ends = [0, *(index for index, layer in enumerate(self.features) if isinstance(layer, nn.MaxPool2d)), None]
        return [list(self.features)[start:end] for start, end in pairwise(ends)]


def _features() -> nn.Sequential:
    """The 13 convolutions, by torchvision's numbers, without the last pooling."""
    layers: list[nn.Module] = []
    channels = 3
    for number, block in enumerate(_BLOCKS):
        for out in block:
            layers += [nn.Conv2d(channels, out, 3, padding=1), nn.ReLU(inplace=True)]
            channels = out
        # Rounded up, the third makes 38 places of 75 (not 37), as the authors' framework did everywhere.
        layers.append(nn.MaxPool2d(2, stride=2, ceil_mode=number == _THIRD_POOL))
    for layer in layers:
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]  # Conv2d makes one unless told otherwise
    return nn.Sequential(*layers[:-1])
