import json

import pytest
import torch
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.finding import find
from instantreact_ssd.priors import make_priors
from torch import Tensor
from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from torchvision.models.detection.ssd import SSD

from instantreact_sdk import Objects
from instantreact_sdk.metrics import Found, score_voc

SIZE = 128
PRIORS = make_priors(
    Architecture(
        size=SIZE, grids=(8, 4, 2), steps=None, scales=(0.1, 0.3, 0.6, 0.9), aspect_ratios=((2,), (2, 3), (2,))
    )
)


def as_torchvision(offsets: Tensor, logits: Tensor, **settings) -> list[dict[str, Tensor]]:
    """What torchvision's SSD makes of the same predictions, in fractions and labels from 0, without boxes of no area."""
    model = SSD(
        torch.nn.Identity(),
        DefaultBoxGenerator([[2]]),
        (SIZE, SIZE),
        logits.shape[2],
        head=torch.nn.Identity(),
        score_thresh=settings["min_score"],
        nms_thresh=settings["max_overlap"],
        detections_per_img=10**9,
        topk_candidates=settings["candidates"],
    )
    centres, sides = PRIORS[:, :2] * SIZE, PRIORS[:, 2:] * SIZE
    anchors = torch.cat([centres - sides / 2, centres + sides / 2], dim=1)
    heads = {"bbox_regression": offsets, "cls_logits": logits}
    found = model.postprocess_detections(heads, [anchors] * len(offsets), [(SIZE, SIZE)] * len(offsets))
    rows = []
    for each in found:
        kept = (each["boxes"][:, 2:] > each["boxes"][:, :2]).all(dim=1).nonzero().squeeze(1)[: settings["top_k"]]
        rows.append(
            {"boxes": each["boxes"][kept] / SIZE, "scores": each["scores"][kept], "labels": each["labels"][kept] - 1}
        )
    return rows


def predictions(seed: int, spread: float, classes: int = 5, pictures: int = 3) -> tuple[Tensor, Tensor]:
    source = torch.Generator().manual_seed(seed)
    offsets = torch.randn(pictures, len(PRIORS), 4, generator=source)
    return offsets, torch.randn(pictures, len(PRIORS), classes + 1, generator=source) * spread


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("spread", "settings"),
    [
        (3, {"min_score": 0.01, "max_overlap": 0.45, "top_k": 200, "candidates": 400}),
        (3, {"min_score": 0.5, "max_overlap": 0.45, "top_k": 200, "candidates": 400}),
        (1, {"min_score": 0.01, "max_overlap": 0.55, "top_k": 7, "candidates": 20}),
        (1, {"min_score": 0.01, "max_overlap": 0.0, "top_k": 200, "candidates": 1}),
    ],
)
def test_it_finds_what_torchvision_finds(seed, spread, settings):
    offsets, logits = predictions(seed, spread)
    found = find(offsets, logits.softmax(-1)[..., 1:], PRIORS, **settings)
    expected = as_torchvision(offsets, logits, **settings)
    assert sum(len(each["labels"]) for each in expected) > 3
    for ours, theirs in zip(found, expected, strict=True):
        assert torch.equal(ours.labels, theirs["labels"])
        torch.testing.assert_close(ours.scores, theirs["scores"], rtol=0, atol=1e-6)
        torch.testing.assert_close(ours.boxes, theirs["boxes"], rtol=0, atol=1e-6)


def test_a_picture_in_a_batch_is_found_as_alone():
    offsets, logits = predictions(1, 3)
    settings = {"min_score": 0.1, "max_overlap": 0.45, "top_k": 50}
    scores = logits.softmax(-1)[..., 1:]
    for number, found in enumerate(find(offsets, scores, PRIORS, **settings)):
        (alone,) = find(offsets[number : number + 1], scores[number : number + 1], PRIORS, **settings)
        assert torch.equal(alone.boxes, found.boxes)
        assert torch.equal(alone.scores, found.scores)
        assert torch.equal(alone.labels, found.labels)


def test_what_an_evaluation_believed_is_found_at_its_score_of_best_f1():
    scores = torch.zeros(1, len(PRIORS), 1)
    scores[0, [0, 40, 80], 0] = torch.tensor([0.7, 0.3, 0.1])
    offsets, settings = torch.zeros(1, len(PRIORS), 4), {"max_overlap": 0.45, "top_k": 9}
    (found,) = find(offsets, scores, PRIORS, min_score=0.01, **settings)
    truth = Objects("one", SIZE, SIZE, boxes=found.boxes[:2].numpy() * SIZE, labels=[0, 0])
    best = score_voc(
        [truth], [Found(found.boxes.numpy() * SIZE, found.scores.numpy(), found.labels.numpy())], ["thing"]
    ).together.best
    assert best.f1 == 1
    (again,) = find(offsets, scores, PRIORS, min_score=json.loads(json.dumps(best.score)), **settings)
    assert torch.equal(again.scores, found.scores[:2])


def test_no_pictures_are_no_finds():
    assert (
        find(
            torch.zeros(0, len(PRIORS), 4),
            torch.zeros(0, len(PRIORS), 3),
            PRIORS,
            min_score=0.1,
            max_overlap=0.4,
            top_k=9,
        )
        == []
    )


def test_what_is_not_finite_or_outside_the_picture_is_not_found():
    scores = torch.zeros(1, len(PRIORS), 1)
    scores[0, :3, 0] = torch.tensor([0.9, float("nan"), 0.8])
    offsets = torch.zeros(1, len(PRIORS), 4)
    offsets[0, 0] = float("nan")
    offsets[0, 2, 0] = 1e4  # far to the right
    (found,) = find(offsets, scores, PRIORS, min_score=0.5, max_overlap=0.45, top_k=9)
    assert not len(found.labels)


def test_boxes_of_two_labels_do_not_suppress_each_other():
    scores = torch.zeros(1, len(PRIORS), 2)
    scores[0, 40] = torch.tensor([0.9, 0.8])
    (found,) = find(torch.zeros(1, len(PRIORS), 4), scores, PRIORS, min_score=0.5, max_overlap=0.45, top_k=9)
    assert found.labels.tolist() == [0, 1]
