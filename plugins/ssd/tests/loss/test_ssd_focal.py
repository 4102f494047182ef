from math import log

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from instantreact_ssd.boxes import to_edges
from instantreact_ssd.loss import FocalLoss, Target
from loss_cases import DEGENERATE, WHOLE, pictures, priors
from loss_comparison import FEW, compare, random_predictions, targets_of
from slow_loss import slow_focal
from torchvision.ops import box_iou, sigmoid_focal_loss


@settings(deadline=None)
@given(st.data(), st.integers(0, 2**32), st.integers(1, 7), st.sampled_from([(0.25, 2.0), (0.5, 0.0), (0.75, 1.5)]))
def test_the_focal_loss_is_that_of_loops(data, seed, classes, weights):
    alpha, gamma = weights
    found, given_priors = data.draw(pictures(classes)), data.draw(priors())
    loss = FocalLoss(torch.tensor(given_priors, dtype=torch.float64), alpha=alpha, gamma=gamma)
    offsets, logits = random_predictions(len(found), len(given_priors), classes, seed)
    compare(loss, lambda *given_to: slow_focal(*given_to, alpha=alpha, gamma=gamma), offsets, logits, found)


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("classes", [1, 90])
def test_odd_pictures_have_the_focal_loss_of_loops(name, classes):
    found, few = DEGENERATE[name], torch.tensor(FEW, dtype=torch.float64)
    offsets, logits = random_predictions(len(found), len(few), classes)
    compare(FocalLoss(few), slow_focal, offsets, logits, found)


def test_the_focal_loss_is_torchvisions():
    few, box = torch.tensor(FEW), torch.tensor([[0.0, 0.0, 0.5, 0.5]])
    offsets, logits = random_predictions(2, len(few), 3, dtype=torch.float32)
    there = torch.zeros(2, len(few), 3)
    there[0, box_iou(box, to_edges(few))[0] >= 0.5, 2] = 1
    losses = FocalLoss(few)(
        offsets, logits, [Target(box, torch.tensor([2])), Target(box[:0], torch.tensor([], dtype=torch.int64))]
    )
    expected = (
        sigmoid_focal_loss(logits, there, alpha=0.25, gamma=2, reduction="sum") / 2
    )  # two pictures, one prior with an object
    torch.testing.assert_close(losses.classification, expected, rtol=1e-5, atol=0)
    torch.testing.assert_close(
        *(torch.autograd.grad(each, logits)[0] for each in (losses.classification, expected)), rtol=1e-5, atol=1e-7
    )


def test_the_derivatives_of_the_focal_loss_are_those_of_its_values():
    targets = targets_of([([[0.25, 0.25, 0.75, 0.75]], [1], []), ([], [], [WHOLE])])
    assert torch.autograd.gradcheck(
        lambda offsets, logits: FocalLoss(torch.tensor(FEW, dtype=torch.float64))(offsets, logits, targets).total,
        random_predictions(2, len(FEW), 3),
    )


@pytest.mark.parametrize("images", [1, 4])
def test_empty_pictures_have_a_focal_loss_that_does_not_grow_with_their_number(images):
    """At scores of a half each of 5 priors' 2 classes costs .75 * .5 ** 2 * ln 2."""
    logits = torch.zeros(images, len(FEW), 2, requires_grad=True)
    losses = FocalLoss(torch.tensor(FEW))(torch.zeros(images, len(FEW), 4), logits, targets_of([([], [], [])] * images))
    losses.total.backward()
    assert losses.total.item() == pytest.approx(10 * 0.75 * 0.25 * log(2), rel=1e-6)
    assert (logits.grad > 0).all()


def test_certain_answers_have_finite_focal_losses_and_derivatives():
    logits = torch.full((1, len(FEW), 2), 200.0, requires_grad=True)
    targets = targets_of([([[0.25, 0.25, 0.75, 0.75]], [1], [])])
    losses = FocalLoss(torch.tensor(FEW, dtype=torch.float64))(torch.zeros(1, len(FEW), 4), logits, targets)
    losses.total.backward()
    assert losses.classification.item() == pytest.approx(9 * 0.75 * 200, rel=1e-6)
    assert torch.isfinite(logits.grad).all()


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
@pytest.mark.parametrize("broken", ["offsets", "logits"])
def test_a_broken_prediction_is_seen_in_the_focal_loss_wherever_it_is(value, broken):
    predictions = {"offsets": torch.zeros(1, len(FEW), 4), "logits": torch.zeros(1, len(FEW), 3)}
    predictions[broken][0, 3, 1] = value  # the prior of the whole picture
    losses = FocalLoss(torch.tensor(FEW))(**predictions, targets=targets_of([([[0.0, 0.0, 0.5, 0.5]], [0], [WHOLE])]))
    assert not torch.isfinite(losses.total)
