"""Which patches are taken of a picture."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from instantreact_ssd.data import cropping
from instantreact_ssd.data.cropping import CropToObjects, choose
from instantreact_ssd.data.example import CROWD, DIFFICULT
from torchvision import tv_tensors

SEEDS = range(150)


def patches(boxes, *, width=200, height=100, seeds=SEEDS):
    for seed in seeds:
        torch.manual_seed(seed)
        yield choose(torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4), height=height, width=width)


def overlap(a, b):
    """Jaccard's, of two boxes by their edges."""
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def centred(box, patch):
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return patch[0] <= x < patch[2] and patch[1] <= y < patch[3]


@pytest.mark.parametrize("least", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_patch_overlaps_with_an_object_whose_centre_it_has_at_least_as_chosen(monkeypatch, least):
    monkeypatch.setattr(cropping, "LEAST_OVERLAPS", (least,))
    boxes = [[20, 10, 150, 90], [165, 75, 190, 95]]
    found = [patch.tolist() for patch in patches(boxes) if patch is not None]
    assert len(found) > 2
    for patch in found:
        assert max(overlap(box, patch) for box in boxes if centred(box, patch)) >= least - 1e-6
    # It does constrain: without it, worse ones are taken.
    monkeypatch.setattr(cropping, "LEAST_OVERLAPS", (0.0,))
    free = [patch.tolist() for patch in patches(boxes) if patch is not None]
    assert min(max(overlap(box, patch) for box in boxes if centred(box, patch)) for patch in free) < least


def test_all_seven_ways_are_as_likely_where_they_are_possible():
    """In 700 pictures that are one object, the whole is taken about 100 times; standard deviation sqrt(700 / 7 * 6 / 7) = 9."""
    whole = sum(patch is None for patch in patches([[0, 0, 200, 100]], seeds=range(700)))
    assert whole == pytest.approx(100, abs=4 * 9)


def test_a_small_object_is_not_waited_for():
    """A patch has .3 of both sides or more, so 60 x 30 pixels: an object of 100 is .06 of it, and .1 is out of reach."""
    found = list(patches([[100, 50, 110, 60]]))
    assert sum(patch is None for patch in found) == pytest.approx(len(found) / 2, abs=4 * 6)
    assert all(centred([100, 50, 110, 60], patch.tolist()) for patch in found if patch is not None)


def test_background_pictures_are_cropped_too():
    found = [patch for patch in patches([]) if patch is not None]
    assert len({tuple(patch.tolist()) for patch in found}) == len(found) > 50


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 2**32), st.integers(0, 4))
def test_patches_lie_in_the_picture_and_are_not_narrow(width, height, seed, objects):
    torch.manual_seed(seed)
    low = torch.rand(objects, 2) * 0.9
    boxes = torch.cat([low, low + torch.rand(objects, 2) * (1 - low)], dim=1) * torch.tensor([width, height] * 2)
    patch = choose(boxes, height=height, width=width)
    if patch is None:
        return
    left, top, right, bottom = patch.tolist()
    assert all(edge == int(edge) for edge in (left, top, right, bottom))
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    # Each edge is rounded by half a pixel at most.
    assert right - left >= 0.3 * width - 1
    assert bottom - top >= 0.3 * height - 1
    assert (right - left - 1) / width <= 2 * (bottom - top + 1) / height
    assert (bottom - top - 1) / height <= 2 * (right - left + 1) / width


def test_objects_stay_by_their_centres_and_difficult_ones_by_any_part(monkeypatch):
    monkeypatch.setattr(cropping, "choose", lambda *_, **__: torch.tensor([10.0, 0, 60, 50]))
    boxes = torch.tensor([[0.0, 0, 30, 30], [0, 0, 19, 30], [0, 0, 19, 30], [0, 60, 90, 90], [50, 40, 69, 59]])
    cropped = CropToObjects()(
        {
            "image": tv_tensors.Image(torch.arange(10_000, dtype=torch.int32).reshape(1, 100, 100)),
            "boxes": tv_tensors.BoundingBoxes(boxes, format="XYXY", canvas_size=(100, 100)),
            "labels": torch.tensor([0, 1, CROWD, DIFFICULT, 2]),
        }
    )
    assert cropped["boxes"].tolist() == [[0, 0, 20, 30], [0, 0, 9, 30], [40, 40, 50, 50]]
    assert cropped["labels"].tolist() == [0, CROWD, 2]
    assert cropped["image"].shape == (1, 50, 50)
    assert cropped["image"][0, 0, 0] == 10
