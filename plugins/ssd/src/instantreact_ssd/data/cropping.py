"""Patches of a picture in which its objects still are."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torchvision import tv_tensors
from torchvision.ops import box_iou
from torchvision.transforms import v2

LEAST_OVERLAPS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
"""Of a patch with the object that it shows best (paper, section 2.2); 0 asks for nothing but the centre of one."""

_TRIALS = 50
_SMALLEST = 0.3
_NARROWEST = 0.5


class CropToObjects(nn.Module):
    """Take the whole picture, or a patch that overlaps with some object at least so much (paper, section 2.2).

    One of seven ways that are possible in this picture is chosen: all of it, or at least one of `LEAST_OVERLAPS`. A patch
    has .3 to 1 of the picture's sides, and its sides, as fractions of the picture's, are at most 1 to 2. An object
    belongs to it where its centre does; what is difficult or a crowd belongs to it where any of it does, for no part of that is background.

    torchvision's `RandomIoUCrop` constrains the same overlap, but tries patch by patch for as long as the chosen overlap
    is not met: about 9 ms in a picture without objects, which it then never crops. It divides by zero where a picture is 3
    pixels high, and its ratios are of pixels, so that wide pictures are never cropped either. This draws 50 patches at once.
    """

    def forward(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """The same inputs, cropped: ``image``, ``boxes`` by their edges, and ``labels``; objects outside are left out."""
        image, boxes, labels = inputs["image"], inputs["boxes"], inputs["labels"]
        edges = boxes.as_subclass(torch.Tensor)
        patch = choose(edges[labels >= 0], height=image.shape[-2], width=image.shape[-1])
        if patch is None:
            return inputs
        left, top, right, bottom = (int(edge) for edge in patch)
        where = (top, left, bottom - top, right - left)
        kept = _centred(edges, patch[None])[0] | (labels < 0)
        cropped = v2.functional.crop(boxes, *where)  # clamps
        kept &= (cropped[:, 2:] > cropped[:, :2]).all(dim=1).as_subclass(torch.Tensor)
        return {
            **inputs,
            "image": v2.functional.crop(image, *where),
            "boxes": tv_tensors.wrap(cropped[kept], like=cropped),
            "labels": labels[kept],
        }


def choose(boxes: Tensor, *, height: int, width: int) -> Tensor | None:
    """A patch for these objects, by torch's global generator: its edges in whole pixels, or None for the whole picture.

    Args:
        boxes: ``(n, 4)`` by their edges in pixels. Without any, every patch will do.
        height: Of the picture.
        width: Of the picture.
    """
    sides = _SMALLEST + (1 - _SMALLEST) * torch.rand(_TRIALS, 2)
    low = torch.rand(_TRIALS, 2) * (1 - sides)
    patches = (torch.cat([low, low + sides], dim=1) * torch.tensor([width, height, width, height])).round()
    ratios = sides[:, 0] / sides[:, 1]
    fits = (ratios >= _NARROWEST) & (ratios <= 1 / _NARROWEST) & (patches[:, 2:] > patches[:, :2]).all(dim=1)
    best = torch.zeros(_TRIALS)
    if len(boxes):
        overlaps = torch.where(_centred(boxes, patches), box_iou(patches, boxes), -1)
        best = overlaps.max(dim=1).values
    best = torch.where(fits, best, -1)
    possible = [None, *(least for least in LEAST_OVERLAPS if best.max() >= least)]
    least = possible[int(torch.randint(len(possible), ()))]
    return None if least is None else patches[int((best >= least).nonzero()[0])]


def _centred(boxes: Tensor, patches: Tensor) -> Tensor:
    """Whether the box's centre lies in the patch: bool ``(patches, boxes)``."""
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    return ((centres >= patches[:, None, :2]) & (centres < patches[:, None, 2:])).all(dim=-1)
