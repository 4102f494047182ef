"""Detections as `supervision` knows them."""

from __future__ import annotations

import numpy as np
import supervision

from instantreact_sdk import Detections

BOXES = [[0.25, 0.5, 0.75, 1.0], [0.0, 0.0, 0.5, 0.125]]
MASKS = np.zeros((2, 48, 64), np.uint8)
MASKS[0, 24:, 16:48] = 1
MASKS[1, :6, :32] = 1


def test_boxes_are_in_pixels_and_everything_else_is_carried_along():
    points = np.arange(12.0).reshape(2, 2, 3)
    found = Detections(BOXES, [0.5, 0.75], [1, 0], [7, 8], {"masks": MASKS, "points": points})
    theirs = found.to_supervision(64, 48, ("cat", "dog"))
    assert isinstance(theirs, supervision.Detections)
    assert theirs.xyxy.tolist() == [[16, 24, 48, 48], [0, 0, 32, 6]]
    assert theirs.confidence.tolist() == [0.5, 0.75]
    assert theirs.class_id.tolist() == [1, 0]
    assert theirs.tracker_id.tolist() == [7, 8]
    assert theirs.data["class_name"].tolist() == ["dog", "cat"]
    assert theirs.data["points"].tolist() == points.tolist()
    assert theirs.mask.dtype == bool
    assert np.array_equal(theirs.mask, MASKS.astype(bool))
    assert theirs.area.tolist() == [24 * 32, 6 * 32]  # of the masks, so supervision takes them for such
    assert "masks" not in theirs.data


def test_what_is_not_known_is_left_out():
    theirs = Detections(BOXES, [0.5, 0.75], [1, 0]).to_supervision(64, 48)
    assert theirs.mask is None
    assert theirs.tracker_id is None
    assert theirs.data == {}


def test_nothing_found_is_nothing_there_too():
    assert Detections.empty().to_supervision(64, 48, ("cat",)).is_empty()


def test_one_can_filter_with_supervision_and_draw_the_result():
    theirs = Detections(BOXES, [0.5, 0.75], [1, 0], [7, 8]).to_supervision(64, 48, ("cat", "dog"))
    sure = theirs[theirs.confidence > 0.6]
    assert sure.data["class_name"].tolist() == ["cat"]
    scene = supervision.BoxAnnotator(thickness=1).annotate(np.zeros((48, 64, 3), np.uint8), sure)
    assert scene[:, :33].any()
    assert not scene[:, 34:].any()


def test_boxes_survive_the_way_there_and_back():
    there = Detections(BOXES, [0.5, 0.75], [1, 0]).to_supervision(1920, 1080)
    back = Detections.from_pixels(there.xyxy, there.confidence, there.class_id, width=1920, height=1080)
    assert np.allclose(back.boxes, BOXES, atol=1e-7)
