"""Boxes follow what they are around, whatever is done to the picture."""

from __future__ import annotations

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.data.augmentation import Augmentation
from instantreact_ssd.data.example import Example

SIZE = 128
SMALL = Architecture(size=SIZE, grids=(16, 8, 4, 2, 1, 1), steps=None)


def drawn(width, height, box, label=0):
    """A red rectangle on grey."""
    image = torch.full((3, height, width), 120, dtype=torch.uint8)
    left, top, right, bottom = box
    image[:, top:bottom, left:right] = torch.tensor([230, 20, 20], dtype=torch.uint8)[:, None, None]
    return Example(image, torch.tensor([box], dtype=torch.float32), torch.tensor([label]), "drawn")


def red(image):
    """Edges of what is more than half as red as the reddest: resizing blurs an edge to both of its sides."""
    redness = image[0].float() - image[1:].float().mean(dim=0)
    rows, columns = (redness > redness.max() / 2).nonzero(as_tuple=True)
    return torch.stack([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]).float()


@settings(max_examples=60, deadline=None)
@given(st.integers(40, 200), st.integers(40, 200), st.integers(0, 2**63), st.data())
def test_a_rectangle_stays_under_its_box(width, height, seed, data):
    left = data.draw(st.integers(0, width - 20))
    top = data.draw(st.integers(0, height - 20))
    box = (left, top, data.draw(st.integers(left + 20, width)), data.draw(st.integers(top + 20, height)))
    altered = Augmentation(SMALL)(drawn(width, height, box), seed)
    assert altered.image.shape == (3, SIZE, SIZE)
    assert altered.image.dtype == torch.uint8
    assume(len(altered.boxes))
    (found,) = altered.boxes
    assume((found[2:] - found[:2]).min() > 4)
    # Enlarged most, by 128 / (.3 * 40) = 10, a pixel of the drawing is 10 wide, and half of it lies beyond the edge of a blur.
    torch.testing.assert_close(red(altered.image), found, rtol=0, atol=2.5)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 80), st.integers(1, 80), st.integers(0, 2**63), st.integers(0, 6))
def test_no_box_is_degenerate_or_outside(width, height, seed, objects):
    places = torch.Generator().manual_seed(seed % 2**32)
    low = torch.rand(objects, 2, generator=places) * 0.9
    boxes = torch.cat([low, low + 0.1 * torch.rand(objects, 2, generator=places)], dim=1)
    boxes = boxes * torch.tensor([width, height] * 2)
    boxes = boxes[(boxes[:, 2:] > boxes[:, :2]).all(dim=1)]
    image = torch.randint(256, (3, height, width), generator=places, dtype=torch.uint8)
    altered = Augmentation(SMALL)(Example(image, boxes, torch.arange(len(boxes)) - 1, "any"), seed)
    assert len(altered.boxes) == len(altered.labels)
    assert ((altered.boxes >= 0) & (altered.boxes <= SIZE)).all()
    assert (altered.boxes[:, 2:] - altered.boxes[:, :2] >= 1).all()
    assert len(altered.target.boxes) == (altered.labels >= 0).sum()


def test_a_picture_without_objects_stays_one():
    empty = Example(
        torch.full((3, 50, 60), 9, dtype=torch.uint8), torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64), ""
    )
    for seed in range(20):
        assert len(Augmentation(SMALL)(empty, seed).target.boxes) == 0


def test_each_alteration_happens_and_so_does_none():
    example = drawn(100, 100, (10, 40, 40, 60))
    altered = [Augmentation(SMALL)(example, seed) for seed in range(100)]
    boxes = [one.boxes[0] * 100 / SIZE for one in altered if len(one.boxes)]
    widths = torch.stack([box[2] - box[0] for box in boxes])
    centres = torch.stack([(box[0] + box[2]) / 2 for box in boxes])
    assert (widths < 25).any(), "zoomed out"
    assert (widths > 40).any(), "cropped"
    whole = widths.sub(30).abs() < 0.1
    assert centres[whole].round().unique().tolist() == [25, 75], "flipped, and not"
    colours = {tuple(one.image[:, :, SIZE // 2].amax(dim=1).tolist()) for one in altered}
    assert len(colours) > 20


def test_what_lies_beyond_a_picture_has_the_mean_colour():
    """Red is .5 * 255 = 127.5, which is 128, and so on; where colours are not distorted, in about one picture of 32, it stays so."""
    mean = Architecture(**{**SMALL.model_dump(), "mean": (0.5, 0.25, 0.75)})
    white = drawn(100, 100, (0, 0, 100, 100))
    corners = [tuple(Augmentation(mean)(white, seed).image[:, 0, 0].tolist()) for seed in range(100)]
    assert (128, 64, 191) in corners


@pytest.mark.parametrize("seed", [0, 2**64 - 1])
def test_the_same_seed_alters_in_the_same_way_and_no_generator_notices(seed):
    example = drawn(90, 70, (5, 5, 60, 60))
    before = torch.get_rng_state()
    first = Augmentation(SMALL)(example, seed)
    torch.testing.assert_close(torch.get_rng_state(), before, rtol=0, atol=0)
    torch.manual_seed(5)
    again = Augmentation(SMALL)(example, seed)
    assert torch.equal(first.image, again.image)
    assert torch.equal(first.boxes, again.boxes)
