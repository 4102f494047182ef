"""The people of real films. What is expected was seen by eye."""

import numpy as np
import pytest
from awkward_media import opened
from instantreact_opencv.motion import Motion, MotionOptions
from people_of_vtest import PEOPLE, in_fractions

from instantreact_sdk import Context

VISITS = [(6.0, 19.9), (22.7, 44.9), (50.2, 70.1), (74.5, 87.0), (92.1, 120.2), (123.4, 136.1)]
"""When each of the six people of ``one-by-one-person-detection.mp4`` comes into the picture and is gone, in seconds."""


def watch(path, every=1, **options):
    """Times and detections of a film's frames, by number."""
    motion = Motion(MotionOptions(**options))
    motion.open(Context())
    with opened(path) as source:
        return {f.index: (f.time, motion.detect([f])[0]) for f in source.frames() if f.index % every == 0}


def common(people, boxes):
    """Areas that people and boxes share, ``(people, boxes)``."""
    low = np.maximum(people[:, None, :2], boxes[None, :, :2])
    high = np.minimum(people[:, None, 2:], boxes[None, :, 2:])
    return (high - low).clip(0).prod(axis=2)


def area(boxes):
    return (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)


@pytest.fixture(scope="module")
def vtest(shared_data):
    return watch(shared_data / "video" / "vtest.avi")


def counted(found):
    """People, those of whom a box has at least half; boxes, those of which at least half is people; those who fit one box."""
    people = covered = fitted = boxes = right = 0
    for frame in PEOPLE:
        marked, seen = in_fractions(frame), found[frame][1].boxes
        shared = common(marked, seen)
        people, boxes = people + len(marked), boxes + len(seen)
        covered += (shared.max(axis=1) >= area(marked) / 2).sum()
        right += (shared.sum(axis=0) >= area(seen) / 2).sum()
        fitted += ((shared / (area(marked)[:, None] + area(seen) - shared)).max(axis=1) >= 0.4).sum()
    return people, covered, boxes, right, fitted


def test_the_people_of_vtest_are_found_and_little_else(vtest):
    people, covered, boxes, right, fitted = counted(vtest)
    assert people == 57
    assert covered >= 0.95 * people
    assert fitted >= 0.80 * people  # the others walk so close together that one box holds two
    assert right >= 0.92 * boxes


def test_the_people_of_vtest_are_found_at_five_frames_a_second_too(shared_data):
    people, covered, boxes, right, fitted = counted(watch(shared_data / "video" / "vtest.avi", every=2))
    assert covered >= 0.95 * people
    assert fitted >= 0.80 * people
    assert right >= 0.90 * boxes


def test_boxes_of_vtest_are_stable(vtest):
    lives = {}
    for time, found in vtest.values():
        for number in [] if found.tracks is None else found.tracks.tolist():
            lives.setdefault(number, []).append(time)
    seen = sum(len(times) for times in lives.values())
    long_lived = sum(len(times) for times in lives.values() if times[-1] - times[0] >= 2)
    assert long_lived >= 0.95 * seen  # what flickers would fill many short lives
    assert len(lives) <= 80  # people, twice as many where they meet and part


def visits(found, least=1.0, forgiven=1.0):
    """When a rule ``{label: motion, for: 1s}`` becomes true, and when the last thing that made it so was seen.

    It is true while a thing with one number has been there for `least` seconds, gaps up to `forgiven` left out of account.
    """
    came, seen, stretches, was = {}, {}, [], False
    for time, detections in found.values():
        holds = False
        for number in [] if detections.tracks is None else detections.tracks.tolist():
            if number not in seen or time - seen[number] > forgiven:
                came[number] = time
            seen[number] = time
            holds |= time - came[number] >= least
        if holds and not was:
            stretches.append([time, time])
        if holds:
            stretches[-1][1] = time
        was = holds
    return stretches


@pytest.mark.parametrize("every", [1, 2])
def test_each_of_six_people_who_enter_one_by_one_is_one_visit(shared_data, every):
    film = shared_data / "video" / "one-by-one-person-detection.mp4"
    found = visits(watch(film, every=every, min_area=0.004))
    assert len(found) == len(VISITS)
    for (became_true, ended), (came, went) in zip(found, VISITS, strict=True):
        assert became_true == pytest.approx(came + 1.0, abs=0.3)
        assert ended == pytest.approx(went, abs=0.7)  # shadows of those who left stay on the floor for a moment
