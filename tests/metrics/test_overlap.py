"""How much boxes overlap, and which object a box overlaps most."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk.metrics import overlap

EDGES = st.tuples(*[st.integers(-5, 5)] * 4).map(lambda e: [min(e[0], e[2]), min(e[1], e[3]), max(e[0], e[2]), max(e[1], e[3])])  # fmt: skip
ROWS = st.lists(st.tuples(EDGES, st.integers(0, 2)), max_size=6)


def pixels(box):
    return {(x, y) for x in range(box[0], box[2]) for y in range(box[1], box[3])}


def counted(one, other):
    """Intersection over union, by counting pixels."""
    union = len(pixels(one) | pixels(other))
    return len(pixels(one) & pixels(other)) / union if union else 0.0


@given(EDGES, EDGES)
def test_overlap_is_the_share_of_common_pixels(one, other):
    assert overlap.overlaps(np.array([one], float), np.array([other], float))[0] == counted(one, other)


@given(boxes=ROWS, objects=ROWS, pairs=st.sampled_from([1, 3, 1000]))
def test_the_nearest_is_the_first_of_the_most_overlapped_of_its_group(boxes, objects, pairs):
    """However many pairs are compared at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlap, "_PAIRS", pairs)
        most, which = overlap.nearest(*columns(boxes), *columns(objects))
    for row, (box, group) in enumerate(boxes):
        shares = [counted(box, each) if own == group else 0.0 for each, own in objects]
        best = max(shares, default=0.0)
        assert (most[row], which[row]) == (best, shares.index(best) if best else -1)


def columns(rows):
    return (
        np.array([box for box, _ in rows], float).reshape(-1, 4),
        np.array([group for _, group in rows], np.int64),
    )
