from awkward_media import strictly_growing
from hypothesis import given
from hypothesis import strategies as st
from instantreact_opencv.stamps import Stamps


def run(stamps, start=0.0, step=0.04):
    clock = Stamps(start, step)
    return [round(clock.time(stamp), 6) for stamp in stamps]


def test_good_stamps_pass_unchanged_after_the_start():
    assert run([0, 0.04, 0.09, 0.3], start=0.5) == [0.5, 0.54, 0.59, 0.8]


def test_an_equal_or_backward_stamp_is_moved_by_a_millisecond_and_the_next_ones_stay():
    assert run([0, 0.04, 0.04, 0.12, 0.10, 0.16]) == [0, 0.04, 0.041, 0.12, 0.121, 0.16]


def test_a_missing_stamp_comes_one_step_after_the_last():
    assert run([0, 0.05, 0.10, 0, 0.20]) == [0, 0.05, 0.10, 0.15, 0.20]


def test_two_backward_stamps_in_a_row_are_a_clock_that_was_set_back():
    assert run([0, 0.05, 5.0, 5.05, 1.0, 1.05, 1.10]) == [0, 0.05, 5.0, 5.05, 5.051, 5.15, 5.2]


def test_a_stream_that_would_begin_before_the_zero_begins_at_it():
    assert run([-0.08, -0.04, 0.04]) == [0, 0.04, 0.12]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(-10, 10), st.floats(0.001, 1))
def test_whatever_the_stamps_times_grow_strictly_from_zero_or_more(stamps, start, step):
    clock = Stamps(start, step)
    found = [clock.time(stamp) for stamp in stamps]
    assert found[0] >= 0
    assert strictly_growing(found)
