"""What a detector found in one image, as the metrics take it."""

from __future__ import annotations

import numpy as np
import pytest

from instantreact_sdk import Detections, InstantReactError
from instantreact_sdk.metrics import Found

GIVEN = {"boxes": [[-3, 2, 14, 9]], "scores": [12.5], "labels": [1]}


def test_it_holds_exactly_what_a_result_file_says():
    found = Found(**GIVEN)
    assert (found.boxes.tolist(), found.scores.tolist(), found.labels.tolist()) == ([[-3, 2, 14, 9]], [12.5], [1])
    assert len(found) == 1
    for values in (found.boxes, found.scores, found.labels):
        with pytest.raises(ValueError, match="read-only"):
            values[:] = 0


def test_detections_of_the_sdk_become_pixels():
    found = Found.of(Detections([[0.25, 0.5, 0.75, 1]], [0.5], [1]), width=640, height=480)
    assert (found.boxes.tolist(), found.scores.tolist(), found.labels.tolist()) == ([[160, 240, 480, 480]], [0.5], [1])
    assert Found.of(Detections.empty(), 640, 480).boxes.shape == (0, 4)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"boxes": [[1, 2, 3]]}, "Found.boxes has to be an array of shape (n, 4), and is of shape (1, 3)"),
        ({"boxes": [[5, 2, 4, 9]]}, "Found.boxes[0] has to be four finite edges"),
        ({"boxes": [[np.nan, 2, 4, 9]]}, "Found.boxes[0] has to be four finite edges"),
        ({"boxes": []}, "0 boxes, 1 scores and 1 labels"),
        ({"scores": [np.nan]}, "Found.scores[0] has to be a finite number, and is nan"),
        ({"scores": [np.inf]}, "Found.scores[0] has to be a finite number, and is inf"),
        ({"labels": [-1]}, "Found.labels[0] has to be 0 or more, and is -1"),
    ],
)
def test_what_cannot_be_is_refused(change, says):
    with pytest.raises(InstantReactError, match="IR4011") as caught:
        Found(**(GIVEN | change))
    assert says in str(caught.value)
