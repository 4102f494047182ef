"""What becomes of each detection, and what is wrong with the wrong ones."""

from __future__ import annotations

from instantreact_sdk import Objects
from instantreact_sdk.metrics import MISTAKE_KINDS, Found, Mistake, find_mistakes, judge

# 100 x 100 pixels each; a box moved by 50 sideways overlaps a third, by 90 a nineteenth.
HERE, ASIDE, FAR_ASIDE, ELSEWHERE = [0, 0, 100, 100], [50, 0, 150, 100], [90, 0, 190, 100], [0, 300, 100, 400]
CAT, DOG = 0, 1


def made(truth, found, min_overlap=0.5):
    """`truth` as images of (box, label), `found` as images of (box, score, label)."""
    objects = [
        Objects(str(n), 500, 500, [box for box, _ in each], [label for _, label in each])
        for n, each in enumerate(truth)
    ]
    seen = [
        Found([box for box, _, _ in each], [score for _, score, _ in each], [label for _, _, label in each])
        for each in found
    ]
    return objects, judge(objects, seen, 2, min_overlap)


def kinds(truth, found):
    return [mistake.kind for mistake in find_mistakes(*made(truth, found))]


def test_what_is_right_is_no_mistake():
    assert kinds([[(HERE, CAT)]], [[(HERE, 0.9, CAT)]]) == []


def test_a_second_detection_of_an_object_is_a_duplicate():
    assert kinds([[(HERE, CAT)]], [[(HERE, 0.9, CAT), (HERE, 0.8, CAT)]]) == ["duplicate"]


def test_a_duplicate_may_overlap_as_little_as_what_is_right():
    objects, verdicts = made([[(HERE, CAT)]], [[(FAR_ASIDE, 0.9, CAT), (FAR_ASIDE, 0.8, CAT)]], min_overlap=0.05)
    assert find_mistakes(objects, verdicts) == [Mistake("duplicate", 0, CAT, 0.8, (90, 0, 190, 100), 0, 10 / 190)]


def test_an_object_of_its_class_hit_badly_is_a_matter_of_localisation():
    assert kinds([[(HERE, CAT)]], [[(ASIDE, 0.9, CAT)]]) == ["localisation"]


def test_localisation_comes_before_another_class():
    assert kinds([[(HERE, CAT), (ASIDE, DOG)]], [[(ASIDE, 0.9, CAT)]]) == ["localisation"]


def test_an_object_of_another_class_may_be_hit_badly():
    assert kinds([[(HERE, DOG)]], [[(ASIDE, 0.9, CAT)]]) == ["other class"]
    assert kinds([[(HERE, DOG)]], [[(HERE, 0.9, CAT)]]) == ["other class"]


def test_what_overlaps_next_to_nothing_is_background():
    assert kinds([[(HERE, DOG), (HERE, CAT)]], [[(FAR_ASIDE, 0.9, CAT), (ELSEWHERE, 0.8, CAT)]]) == ["background"] * 2


def test_objects_of_other_images_do_not_matter():
    assert kinds([[(HERE, CAT)], []], [[], [(HERE, 0.9, CAT)]]) == ["background"]


def test_what_finds_a_difficult_object_is_no_mistake():
    objects = [Objects("0", 500, 500, [HERE], [CAT], difficult=[True])]
    verdicts = judge(objects, [Found([HERE, HERE], [0.9, 0.8], [CAT, CAT])], 2)
    assert find_mistakes(objects, verdicts) == []
    assert verdicts.ignored.tolist() == [True, True]
    assert verdicts.hits.tolist() == verdicts.wrong.tolist() == [False, False]


def test_mistakes_come_surest_first_with_what_can_be_shown():
    truth = [[(ELSEWHERE, CAT)], [(ELSEWHERE, CAT), (HERE, DOG)]]
    found = [[(HERE, 0.25, CAT)], [(HERE, 0.5, CAT), (ELSEWHERE, 0.75, CAT), (ASIDE, 0.125, DOG)]]
    objects, verdicts = made(truth, found)
    assert find_mistakes(objects, verdicts) == [
        Mistake("other class", 1, CAT, 0.5, (0, 0, 100, 100), 1, 1),
        Mistake("background", 0, CAT, 0.25, (0, 0, 100, 100), None, 0),
        Mistake("localisation", 1, DOG, 0.125, (50, 0, 150, 100), 1, 50 / 150),
    ]
    assert [mistake.score for mistake in find_mistakes(objects, verdicts, min_score=0.25)] == [0.5, 0.25]
    assert {mistake.kind for mistake in find_mistakes(objects, verdicts)} < set(MISTAKE_KINDS)


def test_missed_are_the_objects_that_no_detection_of_the_score_finds():
    objects = [Objects("0", 500, 500, [HERE, ELSEWHERE, ASIDE], [CAT, CAT, DOG], difficult=[False, False, True])]
    verdicts = judge(objects, [Found([HERE], [0.5], [CAT])], 2)
    assert verdicts.missed(0.5).tolist() == [False, True, False]
    assert verdicts.missed(0.51).tolist() == [True, True, False]


def test_nothing_at_all_has_no_mistakes():
    assert kinds([], []) == kinds([[]], [[]]) == kinds([[(HERE, CAT)]], [[]]) == []
