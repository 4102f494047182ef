"""A loss of the plugin beside the same in loops."""

import pytest
import torch
from instantreact_ssd.loss import Target

FEW = [
    [0.5, 0.5, 0.5, 0.5],
    [0.25, 0.25, 0.5, 0.5],
    [0.75, 0.75, 0.5, 0.5],
    [0.5, 0.5, 1.0, 1.0],
    [0.125, 0.875, 0.25, 0.25],
]


def targets_of(found):
    def rows(boxes):
        return torch.tensor(boxes, dtype=torch.float64).reshape(-1, 4)

    return [
        Target(rows(boxes), torch.tensor(labels, dtype=torch.int64), *map(rows, neither))
        for boxes, labels, *neither in found
    ]


def random_predictions(images, count, columns, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    offsets = 3 * torch.randn(images, count, 4, generator=generator, dtype=dtype)
    logits = 3 * torch.randn(images, count, columns, generator=generator, dtype=dtype)
    return offsets.requires_grad_(), logits.requires_grad_()


def compare(loss, slow, offsets, logits, found):
    """Values and derivatives, to rounding."""
    losses = loss(offsets, logits, targets_of(found))
    losses.total.backward()
    expected = slow(offsets.tolist(), logits.tolist(), found, loss.priors.tolist())
    assert losses.positives == expected.positives
    assert losses.localization.item() == pytest.approx(expected.localization, rel=1e-9, abs=1e-12)
    assert losses.classification.item() == pytest.approx(expected.classification, rel=1e-9, abs=1e-12)
    torch.testing.assert_close(offsets.grad, torch.tensor(expected.offsets, dtype=torch.float64), rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(logits.grad, torch.tensor(expected.logits, dtype=torch.float64), rtol=1e-9, atol=1e-12)
