"""Average precision and recall as COCO computes them."""

from __future__ import annotations

import sys

import pytest
from real_results import coco100

from instantreact_sdk import InstantReactError, Objects
from instantreact_sdk.metrics import COCO_FIGURES, Found, score_coco

LABELS = ("cat", "dog")
NOTHING = Found([], [], [])


def test_100_images_give_what_the_original_toolkit_gave(shared_data):
    truth, found, labels, expected = coco100(shared_data / "metrics" / "coco_val2014_100")
    assert score_coco(truth, found, labels).figures == pytest.approx(expected, abs=1e-6)
    assert tuple(expected) == COCO_FIGURES


def test_perfect_detections_of_a_small_cat_are_perfect_where_it_counts():
    truth = Objects("0", 100, 100, [[0, 0, 20, 20]], [0])
    result = score_coco([truth], [Found(truth.boxes, [0.5], [0])], LABELS)
    there = {"AP", "AP50", "AP75", "APsmall", "AR1", "AR10", "AR100", "ARsmall"}
    assert result.figures == {name: pytest.approx(1) if name in there else None for name in COCO_FIGURES}
    assert result.classes == {"cat": pytest.approx(1), "dog": None}


def test_an_object_is_as_big_as_its_area_says():
    truth = Objects("0", 100, 100, [[0, 0, 50, 50]], [0], areas=[100])
    figures = score_coco([truth], [Found(truth.boxes, [0.5], [0])], LABELS).figures
    assert (figures["APsmall"], figures["APmedium"]) == (pytest.approx(1), None)


@pytest.mark.parametrize("left_out", ["difficult", "crowd"])
def test_difficult_objects_and_crowds_are_neither_asked_for_nor_wrong_to_find(left_out):
    boxes = [[0, 0, 50, 50], [50, 50, 100, 100]]
    truth = Objects("0", 100, 100, boxes, [0, 0], **{left_out: [False, True]})
    for found in (Found(boxes, [0.5, 0.9], [0, 0]), Found(boxes[:1], [0.5], [0])):
        assert score_coco([truth], [found], LABELS).figures["AP"] == pytest.approx(1)


def test_of_an_overlap_of_three_fifths_three_thresholds_are_met():
    # 60 of 100 pixels: right from .50, .55 and .60, and wrong for the other seven.
    truth = Objects("0", 100, 100, [[0, 0, 10, 10]], [0])
    figures = score_coco([truth], [Found([[0, 0, 6, 10]], [0.5], [0])], LABELS).figures
    assert (figures["AP"], figures["AP50"], figures["AP75"]) == (pytest.approx(0.3), pytest.approx(1), 0)


def test_nothing_found_is_0_and_nothing_to_find_is_nothing():
    cat = Objects("0", 100, 100, [[0, 0, 20, 20]], [0])
    assert score_coco([cat], [NOTHING], LABELS).figures["AP"] == 0
    assert score_coco([cat], [NOTHING], LABELS).classes == {"cat": 0, "dog": None}
    nobody = Objects("0", 100, 100, [], [])
    assert score_coco([nobody], [Found([[0, 0, 20, 20]], [0.5], [0])], LABELS).figures == dict.fromkeys(COCO_FIGURES)
    assert score_coco([], [], LABELS).figures == dict.fromkeys(COCO_FIGURES)


def test_what_does_not_belong_together_is_refused():
    with pytest.raises(InstantReactError, match="IR4011"):
        score_coco([], [NOTHING], LABELS)
    with pytest.raises(InstantReactError, match="IR4011"):
        score_coco([Objects("0", 9, 9, [], [])], [Found([[0, 0, 1, 1]], [0.5], [2])], LABELS)


def test_without_the_library_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "faster_coco_eval", None)
    with pytest.raises(InstantReactError, match="IR6001") as caught:
        score_coco([], [], LABELS)
    assert "instantreact-sdk[data]" in str(caught.value)
