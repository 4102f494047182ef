"""Precision and recall, and the figures that sum them up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk.metrics import Curve

SIGHTINGS = st.lists(st.tuples(st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]), st.booleans()), max_size=20)


def curve(sightings, objects):
    ordered = sorted(sightings, key=lambda sighting: -sighting[0])
    return Curve(np.array([score for score, _ in ordered]), np.array([hit for _, hit in ordered], bool), objects)


def test_precision_and_recall_are_those_of_the_surest_detections():
    four = curve([(0.9, True), (0.8, False), (0.7, True), (0.6, False)], objects=4)
    assert four.precision.tolist() == [1, 1 / 2, 2 / 3, 2 / 4]
    assert four.recall.tolist() == [1 / 4, 1 / 4, 2 / 4, 2 / 4]


def test_the_area_takes_the_best_precision_to_come():
    # Recall grows by 1/4 at precision 1, and by 1/4 at 2/3.
    four = curve([(0.9, True), (0.8, False), (0.7, True), (0.6, False)], objects=4)
    assert four.average_precision == pytest.approx(1 / 4 * 1 + 1 / 4 * 2 / 3)
    # Recalls 0, .1, .2 are reached at precision 1; .3, .4, .5 at 2/3; the other five never.
    assert four.average_precision_11 == pytest.approx((3 * 1 + 3 * 2 / 3) / 11)


def test_three_of_ten_objects_are_not_yet_the_fourth_of_the_eleven_recalls():
    """As in the figures that others publish: 3 times .1 is more than .3 in floating point."""
    three = curve([(0.9, True), (0.8, True), (0.7, True)], objects=10)
    assert three.average_precision_11 == pytest.approx(3 / 11)


@given(SIGHTINGS, st.integers(0, 5))
def test_the_best_score_is_the_one_of_highest_f1(sightings, more):
    best = curve(sightings, objects=sum(hit for _, hit in sightings) + more).best
    trials = []
    for score in {score for score, _ in sightings}:
        believed = [hit for each, hit in sightings if each >= score]
        trials.append((2 * sum(believed) / (len(believed) + sum(hit for _, hit in sightings) + more or 1), score))
    if not any(f1 for f1, _ in trials):
        assert best is None
    else:
        assert (best.f1, best.score) == max(trials)
        assert best.f1 == pytest.approx(2 * best.precision * best.recall / (best.precision + best.recall))


def test_no_detections_make_an_empty_curve():
    none = curve([], objects=3)
    assert none.precision.tolist() == none.recall.tolist() == []
    assert (none.average_precision, none.average_precision_11, none.best) == (0, 0, None)


def test_without_objects_there_is_nothing_to_measure():
    wrong = curve([(0.5, False)], objects=0)
    assert (wrong.average_precision, wrong.average_precision_11, wrong.best) == (None, None, None)
    assert wrong.recall.tolist() == [0]
