import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from instantreact_opencv.tracks import Tracks


def box(x, y=0.0, side=1.0):
    return [x, y, x + side, y + side]


def follow(frames):
    tracks = Tracks()
    return [tracks.follow(np.array(boxes, float).reshape(-1, 4), time).tolist() for time, boxes in frames]


def test_a_number_follows_its_box_whatever_its_place_in_the_list():
    frames = [(0.0, [box(0), box(5)]), (0.1, [box(4.9), box(0.1)]), (0.2, [box(0.2), box(4.8)])]
    assert follow(frames) == [[1, 2], [2, 1], [1, 2]]


def test_a_number_survives_a_second_without_its_box_and_is_never_used_again():
    assert follow([(0.0, [box(0)]), (0.5, []), (1.0, [box(0)]), (2.1, [box(0)])]) == [[1], [], [1], [2]]


def test_what_moves_on_evenly_is_found_where_it_should_be():
    # 8 units a second: after 0.5 s without it, it is four sides away from where it was seen.
    frames = [(n / 10, [box(0.8 * n)]) for n in range(8)]
    assert follow([*frames, (1.2, [box(9.6)])])[-1] == [1]


def test_what_appears_farther_than_its_own_size_is_new():
    assert follow([(0.0, [box(0)]), (0.1, [box(1.5)])]) == [[1], [2]]


def test_two_frames_of_the_same_time_are_no_division_by_zero():
    assert follow([(0.0, [box(0)]), (0.0, [box(0.1)])]) == [[1], [1]]


edges = st.floats(0, 1).map(lambda value: round(value, 3))
boxes = st.lists(
    st.tuples(edges, edges, edges, edges).map(lambda b: [*np.minimum(b[:2], b[2:]), *np.maximum(b[:2], b[2:])])
)


@given(st.lists(boxes))
def test_numbers_are_one_for_each_box_and_different_within_a_frame(frames):
    for given_boxes, numbers in zip(frames, follow([(n / 10, frame) for n, frame in enumerate(frames)]), strict=True):
        assert len(numbers) == len(given_boxes)
        assert len(set(numbers)) == len(numbers)
        assert all(number > 0 for number in numbers)
