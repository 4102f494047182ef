"""A window of frames."""

from __future__ import annotations

import cv2
import numpy as np

from instantreact_sdk import Clip, Frame

PICTURES = [np.random.default_rng(n).integers(0, 256, (48, 64, 3), np.uint8) for n in range(3)]


def clip(sizes: frozenset[tuple[int, int]] = frozenset()) -> Clip:
    frames = (Frame(p.copy(), time=n / 5, index=n, order="BGR") for n, p in enumerate(PICTURES))
    return Clip(tuple(frame.only(sizes) for frame in frames), "lobby")


def test_a_clip_reaches_from_its_first_frame_to_its_last():
    assert (clip().start, clip().end) == (0.0, 0.4)


def test_its_images_are_one_array_in_the_order_of_time():
    images = clip().images(32, 24)
    assert images.shape == (3, 24, 32, 3)
    assert images.dtype == np.uint8
    for image, picture in zip(images, PICTURES, strict=True):
        small = cv2.resize(picture, (32, 24), interpolation=cv2.INTER_AREA)
        assert np.array_equal(image, cv2.cvtColor(small, cv2.COLOR_BGR2RGB))


def test_frames_that_kept_only_the_declared_size_give_the_same_images():
    assert np.array_equal(clip(frozenset({(32, 24)})).images(32, 24), clip().images(32, 24))


def test_whoever_gets_the_images_may_write_to_them_and_harms_nobody():
    one = clip()
    one.images(32, 24)[:] = 0
    assert one.images(32, 24).any()
