"""What an SSD is made of, as values: all that is needed to build it again around its weights."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Backbone = Literal["vgg16", "resnet34", "mobilenet_v3"]
Clipping = Literal["all", "sides", "none"]
Above0 = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Count = Annotated[int, Field(ge=1)]
_Finite = Annotated[float, Field(allow_inf_nan=False)]

SCALES_VOC = (0.1, 0.2, 0.37, 0.54, 0.71, 0.88, 1.05)
"""The paper's for Pascal VOC at 300 x 300 pixels, with the first map's halved to .1."""
SCALES_COCO = (0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05)
"""The paper's for COCO at 300 x 300 pixels: smaller, as objects before a fixed camera are, too."""


class Architecture(BaseModel):
    """One network and its priors.

    Each grid has, at each of its places, a square prior of its scale, one of the geometric mean of this scale and the next, and
    for each aspect ratio ``a`` one that is ``a`` times as wide as high and one that is ``a`` times as high as wide (paper,
    section 2.2). Sizes are fractions of the picture.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    backbone: Backbone = "vgg16"
    """The convolutions that were made for classification."""
    size: int = Field(300, ge=64, le=2048)
    """Width and height in pixels to which pictures are stretched."""
    grids: tuple[_Count, ...] = (38, 19, 10, 5, 3, 1)
    """Places each way of the feature maps, from the finest."""
    steps: tuple[_Count, ...] | None = (8, 16, 32, 64, 100, 300)
    """Pixels from one place to the next of each map; None for ``size / grid``. The authors' differ a little from that."""
    scales: tuple[Above0, ...] = SCALES_COCO
    """Sides of the square priors, one a map, and one more for the mean of the last."""
    aspect_ratios: tuple[tuple[Above0, ...], ...] = ((2,), (2, 3), (2, 3), (2, 3), (2,), (2,))
    """Of each map's priors besides the squares."""
    clip_priors: Clipping = "all"
    """Which numbers of a prior are cut to 0..1: centre and sides as in ssd.pytorch, the sides as in torchvision, or none."""
    background: bool = True
    """Whether a class for "nothing" comes before the others, and scores are their softmax; else each score is a sigmoid."""
    mean: tuple[_Finite, _Finite, _Finite] = (0.485, 0.456, 0.406)
    """Of red, green and blue in 0..1, taken away from each picture."""
    std: tuple[Above0, Above0, Above0] = (0.229, 0.224, 0.225)
    """What red, green and blue are divided by then."""

    @model_validator(mode="after")
    def _maps_agree(self) -> Self:
        maps = len(self.grids)
        if len(self.aspect_ratios) != maps or len(self.scales) != maps + 1 or len(self.steps or self.grids) != maps:
            raise ValueError(
                f"{maps} grids need as many aspect_ratios and steps, and one scale more; there are "
                f"{len(self.aspect_ratios)}, {len(self.steps or self.grids)} and {len(self.scales)}"
            )
        return self

    @property
    def priors_per_place(self) -> tuple[int, ...]:
        """How many priors stand at each place of each map."""
        return tuple(2 + 2 * len(ratios) for ratios in self.aspect_ratios)


SSD300 = Architecture()
"""The reference: 8732 priors (paper, section 3.1)."""

SSD512 = Architecture(
    size=512,
    grids=(64, 32, 16, 8, 4, 2, 1),
    steps=(8, 16, 32, 64, 128, 256, 512),
    scales=(0.04, 0.1, 0.26, 0.42, 0.58, 0.74, 0.9, 1.06),
    aspect_ratios=((2,), (2, 3), (2, 3), (2, 3), (2, 3), (2,), (2,)),
)
"""Slower, and better at small objects: 24564 priors."""

SSDLITE320 = Architecture(
    backbone="mobilenet_v3",
    size=320,
    grids=(20, 10, 5, 3, 2, 1),
    steps=None,
    scales=(0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1.0),
    aspect_ratios=((2, 3),) * 6,
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
)
"""For small machines (Sandler et al. 2018, arXiv 1801.04381, section 6.2; Howard et al. 2019, arXiv 1905.02244): 3234 priors."""
