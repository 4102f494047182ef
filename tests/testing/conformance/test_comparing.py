"""Answers that ought to be the same are compared fairly, and told apart in words."""

from __future__ import annotations

import numpy as np
import pytest

from instantreact_sdk import Caption, Detections, Frame, Transcript
from instantreact_sdk.testing.conformance.check import CheckFailed
from instantreact_sdk.testing.conformance.comparing import difference, must_agree

BOX = [0.1, 0.2, 0.3, 0.4]


def found(*rows: tuple[list[float], float, int], **more) -> Detections:
    boxes, scores, labels = zip(*rows, strict=True)
    return Detections(boxes, scores, labels, **more)


def crowd(count: int = 100) -> Detections:
    """Objects in a row, with scores from 0 up."""
    left = np.arange(count) / (count + 1)
    boxes = np.stack([left, left, left + 1 / (count + 1), left + 1 / (count + 1)], axis=1)
    return Detections(boxes, np.arange(count) / count, np.zeros(count))


def test_the_same_answers_do_not_differ():
    answers = [found((BOX, 0.5, 0)), Detections.empty(), found((BOX, 0.5, 0), tracks=[3], data={"speed": [1.5]})]
    assert difference(answers, answers) == ""
    assert difference(answers, answers, 1e-3) == ""


def test_a_missing_answer_is_told():
    assert difference([1, 2], [1]) == "1 answers instead of 2"


def test_bits_count_where_there_is_no_tolerance():
    one, other = [found((BOX, 0.5, 0))], [found((BOX, 0.50001, 0))]
    assert difference(one, other) == "answer 1 of 1 has other scores"
    assert difference(one, other, 1e-3) == ""


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (found((BOX, 0.7, 0)), "boxes that are up to 0 and scores that are up to 0.2 apart"),
        (found(([0.1, 0.2, 0.3, 0.9], 0.5, 0)), "boxes that are up to 0.5 and scores that are up to 0 apart"),
        (found((BOX, 0.5, 1)), "other labels, tracks or data"),
        (found((BOX, 0.5, 0), tracks=[1]), "other labels, tracks or data"),
        (found((BOX, 0.5, 0), (BOX, 0.5, 0)), "2 objects instead of 1"),
        (Detections.empty(), "0 objects instead of 1"),
    ],
)
def test_an_object_that_differs_is_told(other, says):
    wanted = [Detections.empty(), found((BOX, 0.5, 0))]
    assert difference(wanted, [Detections.empty(), other], 1e-3) == f"answer 2 of 2 has {says}"


def test_the_order_of_objects_does_not_matter_where_rounding_may_change_it():
    one, other = (BOX, 0.5, 0), ([0.5, 0.5, 0.6, 0.6], 0.5001, 1)
    assert difference([found(one, other)], [found(other, one)], 1e-3) == ""
    assert difference([found(one, other)], [found(other, one)]) != ""


@pytest.mark.parametrize(("lost", "differs"), [(3, False), (4, True)])
def test_one_object_in_fifty_may_be_in_one_answer_only(lost, differs):
    wanted = crowd()
    got = wanted.pick(np.arange(lost, 100))  # 3 of 100 + 97 objects are less than a fiftieth, 4 of 100 + 96 more
    assert bool(difference([wanted], [got], 1e-3)) is differs


def test_each_frame_that_lost_its_only_object_is_told_among_many():
    wanted = [found((BOX, 0.5, 0))] * 24  # 1 of 47 objects is more than a fiftieth
    assert difference(wanted, [Detections.empty(), *wanted[1:]], 1e-3) == "answer 1 of 24 has 0 objects instead of 1"


def test_a_caption_that_differs_is_told_by_its_field():
    wanted = [Caption("a man falls", 0.5, 0.0, 4.0)]
    assert difference(wanted, [Caption("a dog falls", 0.5, 0.0, 4.0)], 1e-3) == (
        "answer 1 of 1 has text 'a dog falls' instead of 'a man falls'"
    )
    assert difference(wanted, [Caption("a man falls", 0.75, 0.0, 4.0)], 1e-3) == (
        "answer 1 of 1 has confidence 0.75 instead of 0.5"
    )
    assert difference(wanted, [Caption("a man falls", 0.5005, 0.0, 4.0)], 1e-3) == ""


def test_what_is_nested_is_compared_too():
    wanted = [(Transcript("help", 0, 1, intents={"call": 0.5}),)]
    assert difference(wanted, [(Transcript("help", 0, 1, intents={"call": 0.5004}),)], 1e-3) == ""
    assert difference(wanted, [(Transcript("help", 0, 1, intents={"call": 0.9}),)], 1e-3) == (
        "answer 1 of 1 has intents call 0.9 instead of 0.5"
    )
    assert difference(wanted, [(Transcript("help", 0, 1, intents={"fire": 0.5}),)], 1e-3) == (
        "answer 1 of 1 has intents 'fire' instead of 'call'"
    )
    assert difference(wanted, [()], 1e-3) == "answer 1 of 1 has 0 entries instead of 1"


def test_frames_are_compared_by_moment_and_pixels():
    pixels = np.zeros((4, 6, 3), np.uint8)
    wanted = [Frame(pixels, time=0.5, index=3)]
    assert difference(wanted, [Frame(pixels.copy(), time=0.5, index=3)]) == ""
    assert difference(wanted, [Frame(pixels, time=0.6, index=3)]) == "answer 1 of 1 has time 0.6 instead of 0.5"
    assert difference(wanted, [Frame(pixels + np.uint8(1), time=0.5, index=3)]) == "answer 1 of 1 has other pixels"


def test_what_differs_becomes_a_failure_that_says_how_it_came_about():
    with pytest.raises(CheckFailed, match=r"^the other one answered otherwise: answer 1 of 1 has 2 instead of 1$"):
        must_agree([1], [2], "the other one")
