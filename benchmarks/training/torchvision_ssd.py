"""torchvision's ssd300_vgg16, trained by itself.

Its photometric distortion, zoom-out, IoU crop and flip (transforms v2), SGD, autocast to bf16; the first
convolutions stay as they are, which is torchvision's default where base weights are given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torchvision import tv_tensors
from torchvision.models.detection import ssd300_vgg16
from torchvision.transforms import v2

from instantreact_sdk.datasets import Sample
from instantreact_sdk.metrics import Found

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
Example = tuple[Tensor, dict[str, Tensor]]


class TorchvisionSSD:
    """The network and its training.

    Args:
        classes: How many there are, without the background.
        base_weights: The thirteen convolutions of VGG16 in torchvision's layout.
        seed: Of the new layers, the order of the pictures and their augmentation.
        rate: The learning rate of each step, from 0.
    """

    def __init__(self, classes: int, base_weights: Path, *, seed: int, rate: Callable[[int], float]) -> None:
        torch.manual_seed(seed)
        self.model = ssd300_vgg16(
            weights=None, weights_backbone=None, num_classes=classes + 1, image_mean=list(MEAN), image_std=list(STD)
        )
        convolutions = [
            layer
            for part in (self.model.backbone.features, self.model.backbone.extra[0])
            for layer in part.modules()
            if isinstance(layer, nn.Conv2d)
        ]
        stored = np.load(base_weights)
        names = sorted({int(key.split(".")[1]) for key in stored})
        for layer, name in zip(convolutions, names, strict=False):
            layer.load_state_dict(
                {part: torch.from_numpy(stored[f"features.{name}.{part}"]) for part in ("weight", "bias")}
            )
        for layer in self.model.backbone.features[:4]:
            layer.requires_grad_(requires_grad=False)
        self.rate = rate
        trained = [each for each in self.model.parameters() if each.requires_grad]
        self.optimizer = torch.optim.SGD(trained, rate(0), momentum=0.9, weight_decay=5e-4)
        self.steps = 0

    def step(self, batch: Sequence[Example]) -> None:
        """One step of SGD."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate(self.steps)
        self.steps += 1
        self.model.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            losses = self.model([picture for picture, _ in batch], [target for _, target in batch])
            loss = sum(losses.values())
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    def train(self, samples: Sequence[Sample], *, epochs: int, batch: int) -> Iterator[float]:
        """Train, and give after each epoch the images per second of it, augmentation included."""
        pictures = [read(sample) for sample in samples]
        for _ in range(epochs):
            start = time.perf_counter()
            for examples in batches(pictures, batch):
                self.step(examples)
            yield len(pictures) / (time.perf_counter() - start)

    def found(self, samples: Sequence[Sample], *, tell: Callable[[int], None] = lambda _: None) -> list[Found]:
        """What it finds in each picture, in pixels: scores from .01, suppression at .45, the best 200."""
        self.model.eval()
        results = []
        for number, sample in enumerate(samples, 1):
            picture = torch.from_numpy(sample.image().copy()).permute(2, 0, 1) / 255
            with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
                (seen,) = self.model([picture])
            results.append(
                Found(seen["boxes"].float().numpy(), seen["scores"].float().numpy(), seen["labels"].numpy() - 1)
            )
            tell(number)
        return results


def read(sample: Sample) -> Example:
    image, objects = sample.load()
    boxes = objects.boxes.clip(0, [objects.width, objects.height] * 2)
    kept = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
    return torch.from_numpy(image.copy()).permute(2, 0, 1), {
        "boxes": torch.from_numpy(boxes[kept]).float().reshape(-1, 4),
        "labels": torch.from_numpy(objects.labels[kept] + 1),
    }


def batches(pictures: Sequence[Example], size: int) -> Iterator[list[Example]]:
    """One epoch in random order, augmented; what does not fill a batch is left for the next."""
    augment = v2.Compose(
        [
            v2.RandomPhotometricDistort(),
            v2.RandomZoomOut(fill={tv_tensors.Image: [round(255 * mean) for mean in MEAN], "others": 0}),
            v2.RandomIoUCrop(),
            v2.RandomHorizontalFlip(),
            v2.ToDtype(torch.float, scale=True),
            v2.SanitizeBoundingBoxes(),
        ]
    )
    order = torch.randperm(len(pictures)).tolist()
    for start in range(0, len(order) - size + 1, size):
        examples = []
        for place in order[start : start + size]:
            picture, target = pictures[place]
            boxes = tv_tensors.BoundingBoxes(target["boxes"], format="XYXY", canvas_size=picture.shape[-2:])
            examples.append(augment(tv_tensors.Image(picture), {**target, "boxes": boxes}))
        yield [(picture.as_subclass(Tensor), target) for picture, target in examples]
