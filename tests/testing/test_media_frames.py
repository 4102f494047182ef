from __future__ import annotations

import numpy as np
import pytest

from instantreact_sdk.testing import media


def same(one, other) -> bool:
    return all(
        a.time == b.time and a.index == b.index and np.array_equal(a.image, b.image)
        for a, b in zip(one, other, strict=True)
    )


def test_a_frame_has_one_colour():
    frame = media.frame(6, 4, colour=(1, 2, 3), time=0.5, index=7)
    assert (frame.width, frame.height, frame.time, frame.index) == (6, 4, 0.5, 7)
    assert (frame.image == (1, 2, 3)).all()


def test_frames_follow_each_other_at_their_rate():
    frames = [*media.still(3, fps=4), *media.moving_square(2, fps=4, first=3)]
    assert [frame.index for frame in frames] == [0, 1, 2, 3, 4]
    assert [frame.time for frame in frames] == [0, 0.25, 0.5, 0.75, 1]


def test_the_square_goes_from_the_left_edge_to_the_right_one():
    # A side of 0.5 of the shorter edge, 40, is 20 pixels; 80 of 100 are left to go in 4 steps; (40 - 20) / 2 are above it.
    boxes = [media.square_box(step, count=5, width=100, height=40, side=0.5) for step in range(5)]
    assert boxes == [(left / 100, 10 / 40, (left + 20) / 100, 30 / 40) for left in (0, 20, 40, 60, 80)]


@pytest.mark.parametrize("size", [(320, 240), (97, 131), (5, 3), (1, 1)])
def test_the_square_is_just_where_its_box_says(size):
    width, height = size
    for step, frame in enumerate(media.moving_square(7, width=width, height=height)):
        red = (frame.image == (220, 30, 30)).all(axis=2)
        grey = (frame.image == (40, 40, 40)).all(axis=2)
        rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
        assert (red ^ grey).all()
        assert red.sum() == len(rows) * len(columns)
        assert media.square_box(step, count=7, width=width, height=height) == pytest.approx(
            (columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height)
        )


def test_a_film_of_one_frame_has_its_square_at_the_left():
    assert media.square_box(0, count=1)[0] == 0
    assert len(media.moving_square(1)) == 1


def test_noise_has_the_standard_deviation_that_was_asked_for():
    frames = media.still(2, noise=5.0)
    off = frames[0].image.astype(float) - 40
    # The mean of 230,400 draws strays by 5 / sqrt(230400) = 0.01; rounding adds a variance of 1/12.
    assert abs(off.mean()) < 0.05
    assert off.std() == pytest.approx(np.sqrt(25 + 1 / 12), abs=0.05)
    assert not np.array_equal(frames[0].image, frames[1].image)


@pytest.mark.parametrize("make", [media.still, media.moving_square])
def test_frames_are_the_same_every_time(make):
    assert same(make(3, noise=4.0), make(3, noise=4.0))
    assert same(make(3, noise=4.0, first=5), make(3, noise=4.0, first=5))


def test_a_clip_lasts_from_its_first_frame_to_its_last():
    moving, still = media.moving_clip(20, fps=5, first=10), media.still_clip(8)
    assert (len(moving.frames), moving.start, moving.end) == (20, 2.0, 29 / 5)
    assert (len(still.frames), still.start, still.end) == (8, 0.0, 0.7)
    assert media.clip(moving.frames[:2], "lobby").source == "lobby"


def test_something_happens_in_a_moving_clip_and_nothing_in_a_still_one():
    moving, still = media.moving_clip(5).frames, media.still_clip(5).frames
    assert not any(np.array_equal(frame.image, moving[0].image) for frame in moving[1:])
    assert all(np.array_equal(frame.image, still[0].image) for frame in still)
