"""What the detectors are checked with: small ones of the same making, with weights by chance."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from instantreact_sdk import Pixels
from instantreact_sdk.testing import Case, media

_LABELS = ("square", "wall", "nothing")
_FRAMES = 20
_FOUND = 0.98
"""The quantile of scores above which is found: a few priors of each picture, before overlapping ones are suppressed."""


def ssd300(folder: Path) -> Iterator[Case]:
    """VGG16 on pictures of 64 x 64 pixels."""
    yield _case(folder, "ssd300")


def ssd512(folder: Path) -> Iterator[Case]:
    """Likewise; what differs are numbers of the architecture, which the weights bring along."""
    yield _case(folder, "ssd512")


def ssdlite320(folder: Path) -> Iterator[Case]:
    """MobileNetV3 on pictures of 64 x 64 pixels."""
    yield _case(folder, "ssdlite320")


def _case(folder: Path, name: str) -> Case:
    """A square that moves: scores are by chance, but the same each time, and differ from picture to picture."""
    frames = media.moving_square(_FRAMES, width=160, height=120)
    run = folder / "run"
    _write_weights(run, name, np.stack([frame.resized(64, 64) for frame in frames]))
    (folder / "text.safetensors").write_text("These are no weights.", encoding="utf-8")
    (folder / "text.json").write_text("{}", encoding="utf-8")
    wrong: list[dict[str, object]] = [
        {"weights": str(folder / "missing.safetensors")},
        {"weights": str(folder / "text.safetensors")},
        {"weights": str(run), "classes": ["squares"]},
        {"weights": str(run), "device": "cuda:99"},
    ]
    return Case(options={"weights": str(run)}, inputs=frames, broken=wrong)


def _write_weights(run: Path, name: str, pictures: Pixels) -> None:
    import torch

    from instantreact_ssd.architecture import Architecture
    from instantreact_ssd.network import SSD
    from instantreact_ssd.weights import save_weights

    if name == "ssdlite320":
        architecture = Architecture(
            backbone="mobilenet_v3",
            size=64,
            grids=(4, 2, 1),
            steps=None,
            scales=(0.2, 0.4, 0.8, 1),
            aspect_ratios=((2,),) * 3,
        )
    else:
        architecture = Architecture(
            size=64, grids=(8, 4, 2, 1), steps=None, scales=(0.2, 0.4, 0.6, 0.8, 1), aspect_ratios=((2,),) * 4
        )
    with torch.random.fork_rng(devices=()), torch.inference_mode():
        torch.manual_seed(3)
        model = SSD(architecture, len(_LABELS))
        images = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255
        for layer in model.modules():
            if isinstance(layer, torch.nn.BatchNorm2d):
                layer.momentum = 1  # by chance, too, layers would lose the picture; so they are made to suit these
        model.train()(images)
        scores = model.eval().scores(model(images)[1])
        least = float(scores.flatten().quantile(_FOUND))
        save_weights(model, _LABELS, run, component=f"ssd/{name}", settings={"min_score": least})
