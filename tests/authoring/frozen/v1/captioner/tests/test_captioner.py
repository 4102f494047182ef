"""What the captioner says."""

from __future__ import annotations

import numpy as np
import pytest
from instantreact_sdk import Caption, Clip, Frame
from numpy.typing import NDArray

from instantreact_frozen_captioner.captioner import FrozenCaptionerCaptioner
from instantreact_frozen_captioner.options import FrozenCaptionerCaptionerOptions


def describe(*pictures: NDArray[np.uint8]) -> Caption:
    frames = tuple(Frame(pixels, time=index / 5, index=index) for index, pixels in enumerate(pictures))
    captioner = FrozenCaptionerCaptioner(FrozenCaptionerCaptionerOptions())
    return captioner.caption([Clip(frames)])[0]


def picture(left: int = 0, right: int = 0) -> NDArray[np.uint8]:
    """Black, and white between two columns of 96."""
    pixels = np.zeros((54, 96, 3), np.uint8)
    pixels[:, left:right] = 255
    return pixels


@pytest.mark.parametrize(
    ("left", "text"),
    [(0, "something moves on the left"), (42, "something moves in the middle"), (84, "something moves on the right")],
)
def test_it_says_where_something_moves(left: int, text: str) -> None:
    caption = describe(picture(), picture(left, left + 12))
    assert caption.text == text
    assert caption.confidence == pytest.approx(1 - 0.002 / (12 / 96) / 2)


def test_a_large_change_is_much() -> None:
    caption = describe(picture(), picture(0, 72))
    assert caption.text == "much moves"
    assert caption.confidence == pytest.approx(1 - 0.3 / (72 / 96) / 2)


def test_a_still_clip_has_nothing_that_moves() -> None:
    caption = describe(picture(0, 20), picture(0, 20), picture(0, 20))
    assert (caption.text, caption.confidence) == ("nothing moves", 1.0)
    assert (caption.start, caption.end) == (0.0, 2 / 5)


def test_one_frame_makes_a_clip() -> None:
    assert describe(picture()).text == "nothing moves"
