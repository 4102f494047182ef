from math import log

import torch
from hypothesis import given
from hypothesis import strategies as st
from instantreact_ssd.boxes import decode, encode, to_centres, to_edges

side = st.floats(0.01, 1)
centre = st.floats(0, 1)
centred = st.tuples(centre, centre, side, side)


def test_offsets_are_those_of_the_paper():
    """A box half a prior's width to the right and twice as wide: .5 / .1 and ln 2 / .2."""
    prior = torch.tensor([[0.5, 0.5, 0.2, 0.4]])
    box = torch.tensor([[0.4, 0.3, 0.8, 0.7]])  # centre .6, .5; sides .4, .4
    torch.testing.assert_close(encode(box, prior), torch.tensor([[5.0, 0, log(2) / 0.2, 0]]), rtol=1e-5, atol=1e-5)


@given(st.lists(st.tuples(centred, centred), min_size=1, max_size=8))
def test_decoding_takes_encoding_back(pairs):
    priors = torch.tensor([prior for prior, _ in pairs], dtype=torch.float64)
    boxes = to_edges(torch.tensor([box for _, box in pairs], dtype=torch.float64))
    sides = to_centres(boxes)[:, 2:] / priors[:, 2:]
    kept = (sides < 1000 / 16).all(dim=1)  # beyond that a prediction is cut
    torch.testing.assert_close(decode(encode(boxes, priors), priors)[kept], boxes[kept], rtol=1e-9, atol=1e-9)


def test_a_wild_prediction_stays_finite():
    offsets = torch.full((1, 4), 1e4)
    assert torch.isfinite(decode(offsets, torch.tensor([[0.5, 0.5, 1.0, 1.0]]))).all()


@given(st.lists(centred, min_size=1, max_size=8))
def test_edges_and_centres_say_the_same(boxes):
    given_boxes = torch.tensor(boxes, dtype=torch.float64)
    torch.testing.assert_close(to_centres(to_edges(given_boxes)), given_boxes, rtol=1e-9, atol=1e-9)
