"""Altering pictures and boxes by chance, so that few pictures teach much (paper, sections 2.2 and 3.6)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torchvision import tv_tensors
from torchvision.transforms import v2

from instantreact_ssd.architecture import Architecture
from instantreact_ssd.data.cropping import CropToObjects
from instantreact_ssd.data.example import Example


class Augmentation:
    """Zoom out, crop, resize, distort colours, flip.

    In the authors' order colours come first. Here they come after the resize, on a tenth of the pixels; what lies around a picture that
    was zoomed out is then distorted with it.

    Args:
        architecture: Of the network; its size, and its mean to fill what lies beyond a picture.
    """

    def __init__(self, architecture: Architecture) -> None:
        mean = [round(255 * value) for value in architecture.mean]
        self._steps = v2.Compose(
            [
                v2.RandomZoomOut(fill={tv_tensors.Image: mean, "others": 0}, side_range=(1, 4), p=0.5),
                CropToObjects(),
                v2.Resize((architecture.size, architecture.size), antialias=True),
                _Contiguous(),
                _DistortColours(),
                v2.RandomHorizontalFlip(p=0.5),
                v2.ClampBoundingBoxes(),
                # Below a pixel nothing is left to be seen.
                v2.SanitizeBoundingBoxes(min_size=1, labels_getter=lambda inputs: inputs["labels"]),
            ]
        )

    def __call__(self, example: Example, seed: int) -> Example:
        """The example altered as this seed, from 0 to 2**64 - 1, has it.

        torchvision draws from torch's global generator; it is left as it was.
        """
        inputs = {
            "image": tv_tensors.Image(example.image),
            "boxes": tv_tensors.BoundingBoxes(example.boxes, format="XYXY", canvas_size=example.image.shape[-2:]),
            "labels": example.labels,
        }
        with torch.random.fork_rng(devices=[]):
            # `torch.manual_seed` would seed the accelerators, too.
            torch.default_generator.manual_seed(seed)
            altered = self._steps(inputs)
        image, boxes = altered["image"].as_subclass(torch.Tensor), altered["boxes"].as_subclass(torch.Tensor)
        return Example(image.contiguous(), boxes, altered["labels"], example.name)


class _DistortColours(v2.RandomPhotometricDistort):  # type: ignore[misc]  # torchvision has no types
    """Without exchanging the channels, which the authors set to never: red cells are told from blue ones by their colour."""

    def make_params(self, flat_inputs: list[Any]) -> dict[str, Any]:
        return {**super().make_params(flat_inputs), "channel_permutation": None}


class _Contiguous(nn.Module):
    """Channel by channel in memory: colours are distorted twice as fast so."""

    def forward(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return {**inputs, "image": tv_tensors.wrap(inputs["image"].contiguous(), like=inputs["image"])}
