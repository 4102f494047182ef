"""A tiny detector, and pictures of a red or a blue square for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.trainer import SSDLite320Trainer
from instantreact_ssd.training.options import TrainingOptions
from labelled import voc_object, voc_xml
from PIL import Image

from instantreact_sdk import Context, Dataset, ModelCard, open_dataset

TINY = Architecture(
    backbone="mobilenet_v3",
    size=64,
    grids=(4, 2, 1),
    steps=None,
    scales=(0.3, 0.5, 0.7, 0.9),
    aspect_ratios=((2,),) * 3,
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
)


class TinyTrainer(SSDLite320Trainer):
    architecture = TINY


def drawn(root: Path, pictures: int = 8, empty: int = 0) -> Dataset:
    """As VOC has them; the first ones show nothing."""
    chance = np.random.default_rng(0)
    for number in range(pictures):
        image = chance.integers(80, 110, (80, 80, 3), np.uint8)
        objects = []
        if number >= empty:
            x, y, side = (int(value) for value in chance.integers((4, 4, 24), (40, 40, 34)))
            red = number % 2 == 1
            image[y : y + side, x : x + side] = (220, 30, 30) if red else (30, 30, 220)
            objects = [voc_object("red" if red else "blue", (x + 1, y + 1, x + side, y + side))]
        path = root / "JPEGImages" / f"p{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)
        voc_xml(root, f"p{number}", *objects, size=(80, 80))
    return open_dataset(f"voc:{root}")


def trained(
    train: Dataset, validation: Dataset, out: Path, progress=lambda *_: None, context=None, **options
) -> ModelCard:
    settings = {"base_weights": "none", "batch_size": 4, "precision": "fp32", "learning_rate": 0.01, **options}
    return TinyTrainer().train(train, validation, TrainingOptions(**settings), context or Context(), out, progress)
