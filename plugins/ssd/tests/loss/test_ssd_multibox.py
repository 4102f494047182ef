from math import log
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from instantreact_ssd.architecture import SSD300
from instantreact_ssd.boxes import encode, to_edges
from instantreact_ssd.loss import MultiBoxLoss, Target
from instantreact_ssd.loss.mining import hardest
from instantreact_ssd.priors import make_priors
from loss_cases import DEGENERATE, WHOLE, pictures, priors
from loss_comparison import FEW, compare, random_predictions, targets_of
from slow_loss import slow_multibox
from torchvision.models.detection._utils import BoxCoder, SSDMatcher
from torchvision.models.detection.ssd import SSD
from torchvision.ops import box_iou


@settings(deadline=None)
@given(
    st.data(),
    st.integers(0, 2**32),
    st.integers(1, 7),
    st.integers(1, 4),
    st.integers(0, 6),
    st.sampled_from([0.25, 0.5]),
)
def test_the_loss_is_that_of_loops(data, seed, classes, ratio, least, min_overlap):
    found, given_priors = data.draw(pictures(classes)), data.draw(priors())
    loss = MultiBoxLoss(
        torch.tensor(given_priors).double(),
        min_overlap=min_overlap,
        negatives_per_positive=ratio,
        least_negatives=least,
    )
    offsets, logits = random_predictions(len(found), len(given_priors), classes + 1, seed)
    compare(
        loss,
        lambda *given_to: slow_multibox(*given_to, min_overlap=min_overlap, ratio=ratio, least=least),
        offsets,
        logits,
        found,
    )


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("classes", [1, 90])
def test_odd_pictures_have_the_loss_of_loops(name, classes):
    found = DEGENERATE[name]
    for shift in (0, 1):  # the second with other priors
        few = torch.tensor(FEW + [[0.5 + n / 64, 0.5, 0.25, 0.25] for n in range(shift * 16)]).double()
        offsets, logits = random_predictions(len(found), len(few), classes + 1)
        compare(MultiBoxLoss(few), slow_multibox, offsets, logits, found)


def test_the_real_priors_have_the_loss_of_loops():
    ssd300 = make_priors(SSD300).double()[-1200:]
    found = [
        ([[0.1, 0.2, 0.5, 0.6], [0.4, 0.3, 0.9, 0.8]], [3, 0], []),
        ([], [], []),
        ([[0.05, 0.1, 0.95, 0.85]], [1], []),
    ]
    offsets, logits = random_predictions(3, len(ssd300), 5)
    compare(MultiBoxLoss(ssd300), slow_multibox, offsets, logits, found)


@pytest.mark.parametrize("seed", range(3))
def test_the_loss_is_torchvisions_where_every_picture_has_objects(seed):
    generator, ssd300 = torch.Generator().manual_seed(seed), make_priors(SSD300)
    edges, targets, theirs, matches = to_edges(ssd300) * 300, [], [], []
    for place in ((0.1, 0.1), (0.45, 0.5)):
        low = torch.tensor([place, (0.6, 0.15)]) + 0.05 * torch.rand(2, 2, generator=generator)
        boxes = torch.cat([low, low + 0.25 + 0.1 * torch.rand(2, 2, generator=generator)], dim=1)
        labels = torch.randint(0, 20, (2,), generator=generator)
        targets.append(Target(boxes, labels))
        theirs.append({"boxes": boxes * 300, "labels": labels + 1})
        matches.append(SSDMatcher(0.5)(box_iou(boxes * 300, edges)))
        assert (matches[-1] >= 0).sum() >= 5  # so that neither the floor of negatives nor the divisor's says anything
    offsets, logits = random_predictions(2, 8732, 21, seed, torch.float32)
    network = SimpleNamespace(box_coder=BoxCoder((10.0, 10.0, 5.0, 5.0)), neg_to_pos_ratio=3)
    expected = SSD.compute_loss(
        network, theirs, {"bbox_regression": offsets, "cls_logits": logits}, [edges] * 2, matches
    )
    losses = MultiBoxLoss(ssd300)(offsets, logits, targets)
    torch.testing.assert_close(losses.localization, expected["bbox_regression"], rtol=1e-4, atol=0)
    torch.testing.assert_close(losses.classification, expected["classification"], rtol=1e-5, atol=0)
    ours = torch.autograd.grad(losses.total, [offsets, logits])
    others = torch.autograd.grad(sum(expected.values()), [offsets, logits])
    for one, other in zip(ours, others, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


def test_the_derivatives_are_those_of_the_values():
    targets = targets_of([([[0.25, 0.25, 0.75, 0.75]], [1], []), ([], [], [WHOLE])])
    assert torch.autograd.gradcheck(
        lambda offsets, logits: (
            MultiBoxLoss(torch.tensor(FEW).double(), least_negatives=2)(offsets, logits, targets).total
        ),
        random_predictions(2, len(FEW), 3),
    )


@pytest.mark.parametrize("images", [1, 4])
def test_empty_pictures_teach_as_much_whatever_their_number(images):
    """Of 21 equal scores each of 15 negatives costs ln 21, and counts for a third of a prior with an object."""
    logits = torch.zeros(images, 8732, 21, requires_grad=True)
    offsets = torch.zeros(images, 8732, 4, requires_grad=True)
    losses = MultiBoxLoss(make_priors(SSD300))(offsets, logits, targets_of([([], [], [])] * images))
    losses.total.backward()
    assert losses.classification.item() == pytest.approx(3 * log(21), rel=1e-6)
    assert losses.localization.item() == 0
    assert losses.positives == 0
    assert not offsets.grad.any()
    assert logits.grad.any(dim=2).sum(dim=1).tolist() == [15] * images
    assert logits.grad[..., 0].sum().item() == pytest.approx(-3 * 20 / 21, rel=1e-6)


def test_one_object_among_many_empty_pictures_does_not_make_them_loud():
    """7 empty pictures and one of a single prior: 8 x 15 negatives count for 40 priors with an object."""
    few = torch.tensor(FEW + [[0.5 + n / 64, 0.5, 0.25, 0.25] for n in range(40)])
    target = Target(torch.tensor([[0.0, 0.75, 0.25, 1.0]]), torch.tensor([0]))
    targets = [target, *targets_of([([], [], [])] * 7)]
    losses = MultiBoxLoss(few)(torch.zeros(8, 45, 4), torch.zeros(8, 45, 2), targets)
    assert losses.positives == 1
    assert losses.classification.item() == pytest.approx((1 + 120) * log(2) / 40, rel=1e-6)


def test_the_parts_of_a_crowd_are_no_background():
    """The crowd is the left half: of a small prior it is all, as a union it is nearly nothing."""
    crowd = Target(torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64), crowds=torch.tensor([[0.0, 0.0, 0.5, 1.0]]))
    places = [[0.2, 0.5, 0.1, 0.1], [0.5, 0.5, 0.1, 0.1], [0.56, 0.5, 0.1, 0.1], [0.8, 0.5, 0.1, 0.1]]
    logits = torch.zeros(1, 4, 2, requires_grad=True)
    MultiBoxLoss(torch.tensor(places))(torch.zeros(1, 4, 4), logits, [crowd]).total.backward()
    assert logits.grad.any(dim=2).tolist() == [[False, False, True, True]]


def test_where_all_is_difficult_there_is_nothing_to_learn():
    offsets, logits = random_predictions(2, 1, 3)
    loss = MultiBoxLoss(torch.tensor([[0.5, 0.5, 1.0, 1.0]]).double())
    losses = loss(offsets, logits, targets_of([([], [], [WHOLE])] * 2))
    losses.total.backward()
    assert losses.total.item() == 0
    assert not offsets.grad.any()
    assert not logits.grad.any()


def test_exact_predictions_cost_nothing():
    ssd300 = make_priors(SSD300)
    box = torch.tensor([[0.2, 0.3, 0.6, 0.8]])
    logits = torch.full((1, 8732, 2), -50.0)
    offsets = encode(box, ssd300)[None]
    there = box_iou(box, to_edges(ssd300))[0] >= 0.5
    logits[0, there, 1] = logits[0, ~there, 0] = 50
    losses = MultiBoxLoss(ssd300)(offsets, logits, [Target(box, torch.tensor([0]))])
    assert losses.positives == there.sum() > 0
    assert losses.total.item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize("broken", ["offsets", "logits"])
@pytest.mark.parametrize("difficult", [[], [WHOLE]])
def test_a_broken_prediction_is_seen_wherever_it_is(value, column, broken, difficult):
    predictions = {"offsets": torch.zeros(1, len(FEW), 4), "logits": torch.zeros(1, len(FEW), 3)}
    predictions[broken][0, 3, column] = value  # the prior of the whole picture, which has no object
    targets = targets_of([([[0.0, 0.0, 0.5, 0.5]], [0], difficult)])
    losses = MultiBoxLoss(torch.tensor(FEW), negatives_per_positive=1, least_negatives=0)(
        **predictions, targets=targets
    )
    assert losses.positives == 1
    assert not torch.isfinite(losses.total)


def test_half_width_predictions_are_summed_in_full_width():
    targets = targets_of([([[0.25, 0.25, 0.75, 0.75]], [1], []), ([], [], [])])
    offsets, logits = (each.detach().bfloat16() for each in random_predictions(2, len(FEW), 4))
    loss = MultiBoxLoss(torch.tensor(FEW))
    with torch.autocast("cpu", torch.bfloat16):
        losses = loss(offsets, logits, [Target(each.boxes.float(), each.labels) for each in targets])
    expected = loss(offsets.double(), logits.double(), targets)
    for part in ("localization", "classification"):
        assert getattr(losses, part).dtype == torch.float32
        torch.testing.assert_close(getattr(losses, part).double(), getattr(expected, part), rtol=1e-5, atol=0)


@settings(deadline=None)
@given(st.data(), st.integers(1, 4), st.integers(1, 30))
def test_the_hardest_are_those_of_a_stable_sort_whatever_the_rest_of_the_batch(data, images, count):
    costs = data.draw(
        st.lists(st.lists(st.integers(0, 5), min_size=count, max_size=count), min_size=images, max_size=images)
    )
    candidates = data.draw(
        st.lists(st.lists(st.booleans(), min_size=count, max_size=count), min_size=images, max_size=images)
    )
    quotas = data.draw(st.lists(st.integers(0, 40), min_size=images, max_size=images))
    chosen = hardest(torch.tensor(costs).float(), torch.tensor(candidates), torch.tensor(quotas))
    for picture in range(images):
        order = sorted((-costs[picture][place], place) for place in range(count) if candidates[picture][place])
        wanted = {place for _, place in order[: quotas[picture]]}
        assert set(chosen[picture].nonzero()[:, 0].tolist()) == wanted
