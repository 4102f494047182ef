"""What the detectors are checked with: small ones of the same making, with weights by chance."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from instantreact_sdk import Frame
from instantreact_sdk.testing import Case, media

if TYPE_CHECKING:
    from instantreact_ssd.architecture import Backbone
    from instantreact_ssd.network import SSD

_LABELS = ("square", "wall", "floor")
_SIZE = 64
_FRAMES = 20
_SHOWN = 4
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
    from instantreact_ssd.weights import save_weights

    run = folder / "run"
    model, least = _detector("mobilenet_v3" if name == "ssdlite320" else "vgg16")
    save_weights(model, _LABELS, run, component=f"ssd/{name}", settings={"min_score": least})
    (folder / "text.safetensors").write_text("These are no weights.", encoding="utf-8")
    (folder / "text.json").write_text("{}", encoding="utf-8")
    wrong: list[dict[str, object]] = [
        {"weights": str(folder / "missing.safetensors")},
        {"weights": str(folder / "text.safetensors")},
        {"weights": str(run), "classes": ["squares"]},
        {"weights": str(run), "device": "cuda:99"},
    ]
    return Case(options={"weights": str(run)}, inputs=_frames(), broken=wrong)


def _frames() -> list[Frame]:
    return media.moving_square(_FRAMES, width=160, height=120)


@cache
def _detector(backbone: Backbone) -> tuple[SSD, float]:
    """Millions of numbers, so it is made once; and the score above which it finds a few things."""
    import torch

    from instantreact_ssd.architecture import Architecture
    from instantreact_ssd.network import SSD

    grids = (4, 2, 1) if backbone == "mobilenet_v3" else (8, 4, 2, 1)
    scales = tuple(0.2 * (number + 1) for number in range(len(grids) + 1))
    architecture = Architecture(
        backbone=backbone, size=_SIZE, grids=grids, steps=None, scales=scales, aspect_ratios=((2,),) * len(grids)
    )
    pictures = np.stack([frame.resized(_SIZE, _SIZE) for frame in _frames()[:: _FRAMES // _SHOWN]])
    with torch.random.fork_rng(devices=()), torch.no_grad():
        torch.manual_seed(3)
        model = SSD(architecture, len(_LABELS))
        images = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255
        norms = [layer for layer in model.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
        for layer in norms:
            layer.momentum = 1  # by chance, too, layers would lose the picture; so they are made to suit these
        if norms:
            model.train()(images)
        scores = model.eval().scores(model(images)[1])
    return model, float(scores.flatten().quantile(_FOUND))
