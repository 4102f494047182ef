"""SSDLite on MobileNetV3-Large (Howard et al. 2019, arXiv 1905.02244, section 6.3), laid out as torchvision's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from torch import Tensor, nn
from torchvision.models import mobilenet_v3_large
from torchvision.ops import Conv2dNormActivation

from instantreact_ssd.network.batch_norm import BatchNorm
from instantreact_ssd.network.beginnings import gaussian
from instantreact_ssd.network.body import Body

_C4 = 13
"""The block that comes to the fourth halving: the first map is taken inside of it, where it is wide and not yet halved."""
_STAGES = (0, 2, 4, 7, _C4, 16)
"""With which blocks stages begin."""
REDUCED = re.compile(r"features\.(13\.block\.3|14|15|16)\.")
"""The layers that are half as wide as those of the classifier."""
_EXTRAS = (512, 256, 256, 128)
_NORM = partial(BatchNorm, eps=0.001, momentum=0.03)
_LAYER = partial(Conv2dNormActivation, norm_layer=_NORM, activation_layer=nn.ReLU6)


class MobileNetV3Body(Body):
    """Its maps are the expansion of the block that halves for the fourth time, the last convolution, and one for each extra.

    Behind that block all is half as wide as for classification (the paper's reduced tail).

    Args:
        maps: How many maps it makes.
    """

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.features = mobilenet_v3_large(weights=None, reduced_tail=True, norm_layer=_NORM).features
        self.extras = nn.ModuleList()
        channels = [672, 480, *(_EXTRAS[min(number, len(_EXTRAS) - 1)] for number in range(maps - 2))]
        for before, after in pairwise(channels[1:]):
            self.extras.append(
                nn.Sequential(
                    _LAYER(before, after // 2, kernel_size=1),
                    _LAYER(after // 2, after // 2, kernel_size=3, stride=2, groups=after // 2),
                    _LAYER(after // 2, after, kernel_size=1),
                )
            )
        self.channels = tuple(channels)
        gaussian(self)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Make the maps."""
        blocks = list(self.features)
        features = images
        for block in blocks[:_C4]:
            features = block(features)
        expand, *rest = blocks[_C4].block
        features = expand(features)
        maps = [features]
        for layer in (*rest, *blocks[_C4 + 1 :]):
            features = layer(features)
        maps.append(features)
        for extra in self.extras:
            features = extra(features)
            maps.append(features)
        return maps

    def stages(self) -> list[Sequence[nn.Module]]:
        """What lies between two halvings, and the last convolution by itself."""
        blocks = list(self.features)
        return [blocks[start:end] for start, end in pairwise((*_STAGES, None))]


def lite_head(channels: int, out: int) -> nn.Module:
    """A head of SSDLite: each channel by itself, then all at each place (MobileNetV2, arXiv 1801.04381, section 6.2)."""
    head = nn.Sequential(_LAYER(channels, channels, kernel_size=3, groups=channels), nn.Conv2d(channels, out, 1))
    gaussian(head)
    return head
