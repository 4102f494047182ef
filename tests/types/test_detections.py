"""Objects in one frame."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk import Detections, InstantReactError

BOX = [0.1, 0.2, 0.3, 0.6]

shares = st.floats(0, 1, width=32)
corners = st.tuples(shares, shares, shares, shares)
boxes = corners.map(lambda c: (min(c[0], c[2]), min(c[1], c[3]), max(c[0], c[2]), max(c[1], c[3])))
some_boxes = st.lists(boxes, max_size=8)
pixels = st.floats(-1e4, 1e4, width=32)


def several(n: int = 3, **more) -> Detections:
    edges = np.linspace(0, 0.5, n)
    return Detections(np.stack([edges, edges, edges + 0.25, edges + 0.5], axis=1), edges, range(n), **more)


def test_lists_become_arrays_of_the_stated_types():
    found = Detections([BOX], [0.9], [2], tracks=[5], data={"masks": [[[True, False]]]})
    assert found.boxes.dtype == np.float32
    assert found.boxes.shape == (1, 4)
    assert found.scores.dtype == np.float32
    assert found.labels.dtype == np.int64
    assert found.tracks.dtype == np.int64
    assert found.data["masks"].shape == (1, 1, 2)
    assert len(found) == 1
    assert found.boxes.tolist() == [[float(np.float32(edge)) for edge in BOX]]


def test_the_arrays_are_copies():
    given = {
        "boxes": np.array([BOX], np.float32),
        "scores": np.array([0.9], np.float32),
        "labels": np.array([0], np.int64),
        "tracks": np.array([5], np.int64),
    }
    points = np.ones((1, 2, 3))
    found = Detections(**given, data={"points": points})
    for name, array in {**given, "points": points}.items():
        array[:] = 0  # the plugin may go on using its own
        kept = found.data["points"] if name == "points" else getattr(found, name)
        assert not np.shares_memory(kept, array)
    assert found.scores[0] == np.float32(0.9)
    assert found.data["points"].all()


MORE = {"tracks": [1, 2, 3], "data": {"points": np.ones((3, 2, 3)), "names": ["a", "b", "c"]}}
MADE = {
    "directly": several(**MORE),
    "by pick": several(**MORE).pick([0, 1]),
    "from pixels": Detections.from_pixels(np.ones((2, 4)), [1, 1], [0, 0], width=9, height=9),
}


@pytest.mark.parametrize(
    "array",
    [
        pytest.param(array, id=f"{name} {how}")
        for how, found in MADE.items()
        for name, array in {
            **{name: getattr(found, name) for name in ("boxes", "scores", "labels", "tracks")},
            **found.data,
        }.items()
        if array is not None
    ],
)
def test_nobody_can_write_to_the_arrays(array):
    with pytest.raises(ValueError, match="read-only"):
        array[0] = array[1]
    with pytest.raises(ValueError, match="WRITEABLE"):
        array.flags.writeable = True


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (([BOX], [0.9, 0.8], [0]), "1 boxes but 2 rows of scores"),
        (([BOX], [0.9], []), "1 boxes but 0 rows of labels"),
        (([BOX], [0.9], [0], [1, 2]), "1 boxes but 2 rows of tracks"),
        (([], [], [], []), None),
        (([], [], [], None, {"points": np.ones((1, 2))}), "0 boxes but 1 rows of points"),
        (([BOX], [0.9], [0], None, {"points": []}), "1 boxes but 0 rows of points"),
        (([BOX], [0.9], [0], None, {"scores": [1]}), "`data` may not be called scores"),
        (([BOX], [0.9], [0], None, {"tracks": [1]}), "`data` may not be called tracks"),
        (([BOX], [0.9], [0], None, {7: [1]}), "`data` may not be called 7"),
        (([BOX], [0.9], [0], None, {"points": 1.0}), "points is float64 (), no rows of numbers or texts"),
        (([BOX], [0.9], [0], None, {"who": [object()]}), "who is object (1,), no rows of numbers or texts"),
        (([BOX], [0.9], [0], None, {"wave": [1j]}), "wave is complex128 (1,), no rows of numbers or texts"),
        ((np.zeros((2, 6)), [0.9, 0.9], [0, 0]), "boxes of shape (2, 6) instead of (n, 4)"),
        ((np.zeros((4, 5)), [0.9] * 5, [0] * 5), "boxes of shape (4, 5) instead of (n, 4)"),
        ((0.5, [0.9], [0]), "boxes of shape () instead of (n, 4)"),
        (([BOX, [0, 0, math.nan, 1]], [1, 1], [0, 0]), "box 1 is [0.0, 0.0, nan, 1.0], not inside 0..1"),
        (([[0, 0, 1, math.inf]], [1], [0]), "box 0 is [0.0, 0.0, 1.0, inf], not inside 0..1"),
        (([BOX, BOX, [0, -0.5, 1, 1]], [1] * 3, [0] * 3), "box 2 is [0.0, -0.5, 1.0, 1.0], not inside 0..1"),
        (([[0, 0, 64, 48]], [1], [0]), "box 0 is [0.0, 0.0, 64.0, 48.0], not inside 0..1"),
        (([BOX, [0.5, 0, 0.25, 1]], [1, 1], [0, 0]), "box 1 is [0.5, 0.0, 0.25, 1.0]: minimum beyond maximum"),
        (([[0, 0.5, 1, 0.25]], [1], [0]), "box 0 is [0.0, 0.5, 1.0, 0.25]: minimum beyond maximum"),
        (([BOX], [1.5], [0]), "a score is not inside 0..1"),
        (([BOX], [-0.1], [0]), "a score is not inside 0..1"),
        (([BOX], [math.nan], [0]), "a score is not inside 0..1"),
    ],
)
def test_what_makes_no_sense_is_refused_and_named(arguments, problem):
    if problem is None:
        assert len(Detections(*arguments)) == 0
        return
    with pytest.raises(InstantReactError) as caught:
        Detections(*arguments)
    assert caught.value.code == "IR4003"
    assert caught.value.what == f"These are not valid detections: {problem}."


def test_a_box_may_be_a_point_and_may_be_the_whole_frame():
    assert len(Detections([[0.5, 0.5, 0.5, 0.5], [0, 0, 1, 1]], [0, 1], [0, 0])) == 2


@given(some_boxes)
def test_every_box_inside_the_frame_is_kept_as_it_is(boxes):
    found = Detections(boxes, [0.5] * len(boxes), [0] * len(boxes))
    assert found.boxes.tolist() == [list(box) for box in boxes]


@given(some_boxes, boxes, st.integers(0, 3), st.floats(width=32).filter(lambda edge: not 0 <= edge <= 1))
def test_one_edge_outside_the_frame_spoils_all(boxes, last, edge, outside):
    bad = [*last]
    bad[edge] = outside
    with pytest.raises(InstantReactError, match=f"IR4003: .*box {len(boxes)} is"):
        Detections([*boxes, bad], [0.5] * (len(boxes) + 1), [0] * (len(boxes) + 1))


@given(st.lists(st.tuples(pixels, pixels, pixels, pixels), max_size=5), st.integers(1, 8000), st.integers(1, 8000))
def test_boxes_in_pixels_become_fractions_cut_off_at_the_edges_of_the_frame(corners, width, height):
    boxes = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in corners]
    n = len(boxes)
    found = Detections.from_pixels(boxes, [0.5] * n, [0] * n, width=width, height=height, tracks=range(n))
    expected = [
        [min(max(edge / side, 0.0), 1.0) for edge, side in zip(box, (width, height) * 2, strict=True)] for box in boxes
    ]
    assert np.allclose(found.boxes, np.reshape(expected, (-1, 4)), rtol=1e-6, atol=1e-9)
    assert found.tracks.tolist() == [*range(n)]


def test_boxes_in_pixels_are_left_as_they_were():
    boxes = np.array([[-4, 0, 32, 24]], np.float32)
    found = Detections.from_pixels(boxes, [1], [0], width=64, height=48)
    assert found.boxes.tolist() == [[0, 0, 0.5, 0.5]]
    assert boxes.tolist() == [[-4, 0, 32, 24]]


@pytest.mark.parametrize("edge", [math.nan, math.inf])
def test_a_box_in_pixels_that_is_not_finite_is_refused_not_cut_off(edge):
    with pytest.raises(InstantReactError, match=r"IR4003: .*box 0 is"):
        Detections.from_pixels([[0, 0, edge, 5]], [1], [0], width=64, height=48)


def test_boxes_in_pixels_of_another_shape_are_refused():
    with pytest.raises(InstantReactError, match=r"IR4003: .*boxes of shape \(2, 5\)"):
        Detections.from_pixels(np.ones((2, 5)), [1, 1], [0, 0], width=64, height=48)


@given(st.data())
def test_picking_by_mask_and_by_numbers_takes_whole_rows(data):
    n = data.draw(st.integers(0, 6))
    found = several(n, tracks=range(10, 10 + n), data={"points": np.arange(n * 6).reshape(n, 2, 3)})
    mask = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    numbers = data.draw(st.lists(st.integers(0, n - 1), max_size=8)) if n else []
    by_mask = [row for row in range(n) if mask[row]]
    for rows, expected in ((mask, by_mask), (np.array(mask, bool), by_mask), (numbers, numbers)):
        picked = found.pick(rows)
        assert len(picked) == len(expected)
        assert picked.labels.tolist() == expected
        assert picked.tracks.tolist() == [10 + row for row in expected]
        assert picked.scores.tolist() == [found.scores[row] for row in expected]
        assert picked.boxes.tolist() == [found.boxes[row].tolist() for row in expected]
        assert picked.data["points"].tolist() == [found.data["points"][row].tolist() for row in expected]


def test_picking_leaves_out_what_was_not_there():
    picked = several().pick([2, 0])
    assert picked.labels.tolist() == [2, 0]
    assert picked.tracks is None
    assert picked.data == {}


def test_a_mask_of_another_length_is_refused():
    with pytest.raises(IndexError):
        several(3).pick([True, False])


def test_nothing_found_is_one_object():
    assert Detections.empty() is Detections.empty()
    assert len(Detections.empty()) == 0
    assert Detections.empty().boxes.shape == (0, 4)
    assert Detections.empty().tracks is None


def test_type_checkers_are_told_that_it_is_not_for_subclassing():
    assert Detections.__final__
