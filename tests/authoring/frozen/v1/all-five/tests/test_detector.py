"""What the detector finds."""

from __future__ import annotations

import numpy as np
import pytest
from instantreact_sdk import Detections, Frame
from numpy.typing import NDArray

from instantreact_frozen_all_five.detector import FrozenAllFiveDetector
from instantreact_frozen_all_five.options import FrozenAllFiveDetectorOptions

RED, BLUE = (200, 50, 50), (48, 80, 200)


def find(pixels: NDArray[np.uint8], **options: object) -> Detections:
    checked = FrozenAllFiveDetectorOptions.model_validate(options)
    return FrozenAllFiveDetector(checked).detect([Frame(pixels, time=0.0, index=0)])[0]


def test_an_area_of_the_colour_gets_a_box() -> None:
    pixels = np.zeros((90, 160, 3), np.uint8)
    pixels[18:54, 40:120] = RED
    found = find(pixels)
    np.testing.assert_allclose(found.boxes, [[40 / 160, 18 / 90, 120 / 160, 54 / 90]], atol=1e-6)
    assert found.scores.tolist() == [1.0]


def test_two_areas_get_a_box_each() -> None:
    pixels = np.zeros((90, 160, 3), np.uint8)
    pixels[10:30, 20:60] = RED
    pixels[50:80, 40:100] = RED
    assert len(find(pixels)) == 2


def test_other_colours_and_small_areas_are_not_found() -> None:
    pixels = np.zeros((90, 160, 3), np.uint8)
    pixels[10:20, 10:20] = RED
    pixels[60:80, 60:80] = BLUE
    assert len(find(pixels, min_area=0.01)) == 0  # 100 of 14,400 pixels are red
    assert len(find(pixels, colour="#3050c8", min_area=0.01)) == 1


@pytest.mark.parametrize(("difference", "found"), [(25, 1), (26, 0)])
def test_the_tolerance_is_a_part_of_the_range(difference: int, found: int) -> None:
    pixels = np.full((90, 160, 3), (200 - difference, 50, 50), np.uint8)
    assert len(find(pixels, tolerance=0.1)) == found  # 0.1 of 255 is 25.5
