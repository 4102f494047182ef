"""Average precision by the rules of Pascal VOC."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_voc import Sighting, Thing, average_precisions, hits
from real_results import FIRST_AND_LAST_PIXEL_FROM_1, seven_images, voc2007

from instantreact_sdk import InstantReactError, Objects
from instantreact_sdk.metrics import Found, score_voc

LABELS = ("cat", "dog", "bird")
NOTHING = Found([], [], [])


def boxes(size=8):
    def box(a, b, c, d):
        return min(a, c), min(b, d), max(a, c), max(b, d)

    edge = st.integers(1, size)
    return st.builds(box, edge, edge, edge, edge)


def things():
    return st.lists(st.builds(Thing, boxes(), st.integers(0, 1), st.booleans()), max_size=5)


def sightings():
    scores = st.sampled_from([0.1, 0.2, 0.5, 0.9])  # equal ones come often
    return st.lists(st.builds(Sighting, boxes(), st.integers(0, 1), scores), max_size=8)


def images():
    return st.lists(st.tuples(things(), sightings()), max_size=3)


def as_objects(image):
    return Objects(
        "x",
        9,
        9,
        np.array([thing.box for thing in image]).reshape(-1, 4) - FIRST_AND_LAST_PIXEL_FROM_1,
        [thing.label for thing in image],
        [thing.difficult for thing in image],
    )


def as_found(image):
    return Found(
        np.array([each.box for each in image]).reshape(-1, 4) - FIRST_AND_LAST_PIXEL_FROM_1,
        [each.score for each in image],
        [each.label for each in image],
    )


def scored(things_and_sightings, min_overlap=0.5):
    truth = [as_objects(things) for things, _ in things_and_sightings]
    found = [as_found(sightings) for _, sightings in things_and_sightings]
    return score_voc(truth, found, LABELS, min_overlap)


def test_voc2007_gives_what_two_independent_evaluators_gave(shared_data):
    truth, found, labels, expected = voc2007(shared_data / "metrics" / "voc2007_test")
    result = score_voc(truth, found, labels)
    assert sum(map(len, found)) == 254_590
    for label, name in enumerate(labels):
        curve = result.curves[name]
        assert curve.average_precision == pytest.approx(expected[name]["ap_area"], abs=1e-5), name
        assert curve.average_precision_11 == pytest.approx(expected[name]["ap_voc07_11pt"], abs=1e-5), name
        assert curve.objects == expected[name]["npos"], name
        assert (result.verdicts.labels == label).sum() == expected[name]["ndet"], name
    assert result.mean_average_precision == pytest.approx(expected["mAP"]["ap_area"], abs=1e-5)
    assert result.mean_average_precision_11 == pytest.approx(expected["mAP"]["ap_voc07_11pt"], abs=1e-5)


def test_seven_images_give_the_published_figures(shared_data):
    truth, found, labels, _ = seven_images(shared_data / "metrics" / "object_detection_metrics")
    curve = score_voc(truth, found, labels, min_overlap=0.3).curves["person"]
    assert (len(found), curve.objects, len(curve.scores)) == (7, 15, 24)
    assert round(100 * curve.average_precision_11, 2) == 26.84
    assert round(100 * curve.average_precision, 2) == 24.57


@given(images(), st.sampled_from([0.3, 0.5, 1.0]))
def test_it_agrees_with_plain_loops_over_inclusive_pixels(things_and_sightings, min_overlap):
    result = scored(things_and_sightings, min_overlap)
    truth, found = ([image[side] for image in things_and_sightings] for side in (0, 1))
    for label, name in enumerate(LABELS[:2]):
        right, objects = hits(truth, found, label, min_overlap)
        curve = result.curves[name]
        assert (curve.hits.tolist(), curve.objects) == (right, objects)
        if objects:
            area, eleven = average_precisions(right, objects)
            assert curve.average_precision == pytest.approx(area)
            assert curve.average_precision_11 == pytest.approx(eleven)


@given(images())
def test_perfect_detections_have_an_average_precision_of_1(things_and_sightings):
    distinct = [list({thing.box: thing for thing in things}.values()) for things, _ in things_and_sightings]
    perfect = [(things, [Sighting(thing.box, thing.label, 0.5) for thing in things]) for things in distinct]
    for curve in scored(perfect).curves.values():
        if curve.objects:
            assert curve.average_precision == curve.average_precision_11 == 1
            assert curve.best.f1 == 1


@given(images().filter(bool), boxes(), st.integers(0, 1))
def test_a_further_detection_that_is_wrong_and_least_sure_raises_nothing(things_and_sightings, box, label):
    far = tuple(edge + 100 for edge in box)
    *others, (things, sightings) = things_and_sightings
    before = scored(things_and_sightings)
    after = scored([*others, (things, [*sightings, Sighting(far, label, 0.05)])])
    for name, curve in after.curves.items():
        assert (curve.average_precision or 0) <= (before.curves[name].average_precision or 0)
        assert (curve.average_precision_11 or 0) <= (before.curves[name].average_precision_11 or 0)


@given(images())
def test_only_the_order_of_scores_counts(things_and_sightings):
    stretched = [
        (things, [each._replace(score=1000 * each.score**3 - 7) for each in sightings])
        for things, sightings in things_and_sightings
    ]
    one, other = scored(things_and_sightings), scored(stretched)
    for name, curve in one.curves.items():
        assert curve.average_precision == other.curves[name].average_precision
        assert curve.hits.tolist() == other.curves[name].hits.tolist()


def test_of_equal_scores_the_earlier_image_and_row_comes_first():
    thing = [Thing((1, 1, 4, 4), 0, False)]
    right, wrong = Sighting((1, 1, 4, 4), 0, 0.5), Sighting((6, 6, 8, 8), 0, 0.5)
    assert scored([(thing, [right, wrong])]).curves["cat"].hits.tolist() == [True, False]
    assert scored([(thing, [wrong, right])]).curves["cat"].hits.tolist() == [False, True]
    assert scored([([], [wrong]), (thing, [right])]).curves["cat"].hits.tolist() == [False, True]


def test_a_class_that_nothing_was_found_of_counts_as_0_and_one_without_objects_not_at_all():
    cat, dog = Thing((1, 1, 4, 4), 0, False), Thing((1, 1, 4, 4), 1, False)
    result = scored([([cat, dog], [Sighting((1, 1, 4, 4), 0, 0.5), Sighting((1, 1, 4, 4), 2, 0.9)])])
    assert [curve.average_precision for curve in result.curves.values()] == [1, 0, None]
    assert [curve.average_precision_11 for curve in result.curves.values()] == [1, 0, None]
    assert result.mean_average_precision == result.mean_average_precision_11 == 1 / 2


def test_a_class_of_difficult_objects_alone_has_no_average_precision():
    result = scored(
        [([Thing((1, 1, 4, 4), 0, True)], [Sighting((1, 1, 4, 4), 0, 0.5), Sighting((6, 6, 8, 8), 0, 0.5)])]
    )
    assert result.curves["cat"].average_precision is None
    assert result.curves["cat"].hits.tolist() == [False]


def test_no_images_give_no_figures():
    result = score_voc([], [], LABELS)
    assert result.mean_average_precision is result.mean_average_precision_11 is result.together.best is None


def test_a_crowd_is_neither_asked_for_nor_wrong_to_find():
    crowd = Objects("x", 9, 9, [[0, 0, 4, 4]], [0], crowd=[True])
    curve = score_voc([crowd], [Found([[0, 0, 4, 4]], [0.5], [0])], LABELS).curves["cat"]
    assert (curve.objects, len(curve.scores)) == (0, 0)


def test_the_figures_are_plain_json():
    cat = Thing((1, 1, 4, 4), 0, False)
    plain = scored([([cat], [Sighting((1, 1, 4, 4), 0, 0.5), Sighting((6, 6, 8, 8), 0, 0.25)])]).plain()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    best = {"score": 0.5, "precision": 1, "recall": 1, "f1": 1}
    assert (plain["mean_average_precision"], plain["best"]) == (1, best)
    assert plain["classes"] == {
        "cat": {"average_precision": 1, "average_precision_11": 1, "objects": 1, "detections": 2, "best": best},
        "dog": {"average_precision": None, "average_precision_11": None, "objects": 0, "detections": 0, "best": None},
        "bird": {"average_precision": None, "average_precision_11": None, "objects": 0, "detections": 0, "best": None},
    }


@pytest.mark.parametrize(
    ("truth", "found", "says"),
    [
        ([], [NOTHING], "`found` has to be one entry for each of the 0 images, and is 1 long"),
        (
            [Objects("x", 9, 9, [[0, 0, 1, 1]], [3])],
            [NOTHING],
            "label of Objects has to be below 3, the number of classes, and is 3",
        ),
        ([Objects("x", 9, 9, [], [])], [Found([[0, 0, 1, 1]], [1], [3])], "label of Found has to be below 3"),
    ],
)
def test_what_does_not_belong_together_is_refused(truth, found, says):
    with pytest.raises(InstantReactError, match="IR4011") as caught:
        score_voc(truth, found, LABELS)
    assert says in str(caught.value)
