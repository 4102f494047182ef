"""How well a network does on pictures it did not learn from."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from instantreact_sdk import Objects
from instantreact_sdk.metrics import Found, VocResult, score_voc
from instantreact_ssd.finding import Finds, find
from instantreact_ssd.network import SSD
from instantreact_ssd.options import EVALUATION
from instantreact_ssd.training.arithmetic import Arithmetic


@torch.inference_mode()
def look(network: SSD, images: torch.Tensor, arithmetic: Arithmetic) -> list[Finds]:
    """What the network finds in pictures, uint8 ``(n, 3, size, size)``, on the processor."""
    device = network.priors.device
    with arithmetic.autocast():
        offsets, logits = network(as_input(images.to(device)))
    finds = find(
        offsets,
        network.scores(logits),
        network.priors,
        min_score=EVALUATION["min_score"],
        max_overlap=EVALUATION["max_overlap"],
        top_k=int(EVALUATION["top_k"]),
    )
    return [Finds(each.boxes.cpu(), each.scores.cpu(), each.labels.cpu()) for each in finds]


def as_input(images: torch.Tensor) -> torch.Tensor:
    """Pictures, uint8, as the network takes them: 0..1, and in the order of memory in which convolutions are fastest."""
    return images.to(torch.float32, memory_format=torch.channels_last).div_(255)


def score(truth: Sequence[Objects], finds: Sequence[Finds], labels: Sequence[str]) -> VocResult:
    """Compare finds with what there is, in the pixels of the pictures as they are stored."""
    found = [
        Found(
            each.boxes.double().numpy() * ([objects.width, objects.height] * 2),
            each.scores.numpy(),
            each.labels.numpy(),
        )
        for objects, each in zip(truth, finds, strict=True)
    ]
    return score_voc(truth, found, labels)
