import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from instantreact_ssd.architecture import SSD300
from instantreact_ssd.boxes import to_edges
from instantreact_ssd.loss import Target, match
from instantreact_ssd.loss.assignment import assign
from instantreact_ssd.loss.matching import jaccard
from instantreact_ssd.priors import make_priors
from loss_cases import DEGENERATE, boxes, priors
from slow_loss import overlap, slow_match
from torchvision.models.detection._utils import SSDMatcher
from torchvision.ops import box_iou


def tensor(rows):
    return torch.tensor(rows, dtype=torch.float64).reshape(-1, 4)


def scattered(count, seed):
    """Boxes whose overlaps are equal to none."""
    generator = torch.Generator().manual_seed(seed)
    low = torch.rand(count, 2, generator=generator, dtype=torch.float64) * 0.7
    return torch.cat([low, low + 0.02 + torch.rand(count, 2, generator=generator, dtype=torch.float64) * 0.28], dim=1)


def test_half_a_prior_overlaps_it_by_a_half():
    prior = torch.tensor([[0.5, 0.5, 0.4, 0.4]])
    half = torch.tensor([[0.3, 0.3, 0.5, 0.7], [0.5, 0.3, 0.9, 0.7], [0.8, 0.8, 0.9, 0.9]])
    torch.testing.assert_close(jaccard(half, prior)[:, 0], torch.tensor([1 / 2, 1 / 3, 0]))


@settings(deadline=None)
@given(boxes(most=12), priors(), st.sampled_from([0.25, 0.5, 0.75]))
def test_matching_is_that_of_loops(found, given_priors, min_overlap):
    matched = match(tensor(found), tensor(given_priors), min_overlap)
    assert matched.tolist() == slow_match(found, given_priors, min_overlap)


@settings(deadline=None)
@given(boxes(most=12), priors())
def test_an_object_goes_without_a_prior_only_where_all_that_touch_it_are_others(found, given_priors):
    matched = match(tensor(found), tensor(given_priors)).tolist()
    for lost in set(range(len(found))) - set(matched):
        assert all(
            each >= 0 for each, prior in zip(matched, given_priors, strict=True) if overlap(found[lost], prior) > 0
        )


def test_of_two_objects_with_one_best_prior_the_nearer_gets_it_and_the_other_the_next_whatever_their_order():
    """Sides .4, .5 and .4 about one centre: the first prior is best for both, and equal to the second object."""
    three = torch.tensor([[0.5, 0.5, 0.4, 0.4], [0.5, 0.5, 0.9, 0.9], [0.1, 0.1, 0.1, 0.1]])
    objects = torch.tensor([[0.25, 0.25, 0.75, 0.75], [0.3, 0.3, 0.7, 0.7]])
    assert match(objects, three).tolist() == [1, 0, -1]
    assert match(objects.flip(0), three).tolist() == [0, 1, -1]


def test_of_equal_objects_the_first_gets_the_best_prior():
    two = torch.tensor([[0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 1.0, 1.0]])
    assert match(torch.tensor([[0.25, 0.25, 0.75, 0.75]] * 2), two).tolist() == [0, 1]


def test_just_enough_overlap_is_enough():
    """A quarter of the picture is half of the half, and that is half of the whole."""
    three = torch.tensor([[0.25, 0.25, 0.5, 0.5], [0.25, 0.5, 0.5, 1.0], [0.5, 0.5, 1.0, 1.0]])
    half = torch.tensor([[0.0, 0.0, 0.5, 1.0]])
    assert match(half, three).tolist() == [0, 0, 0]
    nothing = torch.zeros(0, dtype=torch.int64)
    assigned = assign([Target(half[:0], nothing, half), Target(half[:0], nothing)], three, 0.5)
    assert assigned.background.tolist() == [[False] * 3, [True] * 3]


def test_the_pair_that_overlaps_more_goes_first_even_where_its_object_lost_another_prior():
    """A overlaps p by 1; B overlaps p by .92 and q by .82 / .92 = .89; C overlaps q by .6 / .82 = .73. B gets q, not C."""
    line = torch.tensor([[0.5, 0.5, 1.0, 1.0], [0.41, 0.5, 0.82, 1.0], [0.1, 0.5, 0.2, 1.0]], dtype=torch.float64)
    three = tensor([[0, 0, 1, 1], [0, 0, 0.92, 1], [0, 0, 0.6, 1]])
    assert match(three, line, min_overlap=0.99).tolist() == [0, 1, 2]
    assert match(three.flip(0), line, min_overlap=0.99).tolist() == [2, 1, 0]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_the_order_of_the_objects_has_no_say(seed, count):
    ssd300 = make_priors(SSD300).double()
    objects = scattered(count, seed)
    shuffled = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    straight, other = match(objects, ssd300), match(objects[shuffled], ssd300)
    translated = torch.cat([shuffled, torch.tensor([-1])])[other]  # -1 is the last
    assert torch.equal(straight, translated)


@pytest.mark.parametrize("seed", range(3))
def test_matching_is_torchvisions_where_no_two_objects_want_the_same_prior(seed):
    ssd300, objects = make_priors(SSD300).double(), scattered(12, seed)
    overlaps = box_iou(objects, to_edges(ssd300))
    alone = torch.unique(overlaps.argmax(dim=1), return_counts=True)
    kept = torch.isin(overlaps.argmax(dim=1), alone[0][alone[1] == 1])
    objects = objects[kept]
    theirs = SSDMatcher(0.5)(box_iou(objects, to_edges(ssd300)))
    assert torch.equal(match(objects, ssd300), theirs.clamp(min=-1))


@pytest.mark.parametrize("name", DEGENERATE)
def test_every_object_of_odd_pictures_has_a_prior_of_ssd300(name):
    ssd300 = make_priors(SSD300)
    for objects, *_ in DEGENERATE[name]:
        matched = match(tensor(objects).float(), ssd300)
        assert set(range(len(objects))) <= set(matched.tolist())
