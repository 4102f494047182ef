"""The labelled objects of one image."""

from __future__ import annotations

import numpy as np
import pytest

from instantreact_sdk import InstantReactError, Objects

BOX = [[47, 239, 195, 371]]


def test_what_is_not_said_of_objects_is_plain():
    objects = Objects("a", 353, 500, BOX, [11])
    assert objects.difficult.tolist() == objects.crowd.tolist() == [False]
    assert objects.areas.tolist() == [(195 - 47) * (371 - 239)]


def test_what_is_said_of_objects_is_kept():
    objects = Objects("a", 353, 500, BOX, [11], difficult=[1], crowd=[True], areas=[7.5])
    assert (objects.image, objects.width, objects.height, len(objects)) == ("a", 353, 500, 1)
    assert (objects.labels.tolist(), objects.difficult.tolist(), objects.crowd.tolist()) == ([11], [True], [True])
    assert objects.areas.tolist() == [7.5]


def test_an_image_without_objects_has_arrays_of_no_rows():
    nothing = Objects("a", 10, 10, [], [])
    assert nothing.boxes.shape == (0, 4)
    assert len(nothing.labels) == len(nothing.difficult) == len(nothing.crowd) == len(nothing.areas) == 0


def test_boxes_may_reach_out_of_the_image_and_be_a_line():
    assert Objects("a", 10, 10, [[-3, 2, 14, 2]], [0]).areas.tolist() == [0]


def test_the_arrays_are_copies_that_nobody_can_write_to():
    boxes = np.array(BOX, float)
    objects = Objects("a", 353, 500, boxes, [11])
    boxes[:] = 0
    assert objects.boxes.tolist() == BOX
    for name in ("boxes", "labels", "difficult", "crowd", "areas"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(objects, name)[:] = 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"width": 0}, "Objects('a').size has to be at least 1 pixel each way, and is 0 x 500"),
        ({"boxes": [[1, 2, 3]]}, "Objects('a').boxes has to be an array of shape"),
        ({"boxes": [[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]]}, "of shape (2, 6)"),
        ({"boxes": [[5, 2, 4, 9]]}, "Objects('a').boxes[0] has to be four finite edges"),
        ({"boxes": [[5, 9, 6, 2]]}, "Objects('a').boxes[0] has to be four finite edges"),
        ({"boxes": [[5, 2, np.nan, 9]]}, "Objects('a').boxes[0] has to be four finite edges"),
        ({"boxes": [[5, 2, np.inf, 9]]}, "Objects('a').boxes[0] has to be four finite edges"),
        ({"boxes": [[5, 2, 2e9, 9]]}, "Objects('a').boxes[0] has to be four finite edges"),
        ({"boxes": []}, "1 rows"),
        ({"labels": [1, 2]}, "Objects('a').labels has to be 1 rows, as there are boxes, and is 2 rows"),
        ({"labels": [-1]}, "Objects('a').labels has to be 0 or more"),
        ({"difficult": []}, "0 rows"),
        ({"crowd": [True, True]}, "2 rows"),
        ({"areas": [-1]}, "Objects('a').areas has to be 0 or more"),
        ({"areas": [np.nan]}, "Objects('a').areas has to be 0 or more"),
    ],
)
def test_what_cannot_be_is_refused_with_the_name_of_the_image(change, says):
    with pytest.raises(InstantReactError, match="IR4011") as caught:
        Objects(**({"image": "a", "width": 353, "height": 500, "boxes": BOX, "labels": [11]} | change))
    assert says in str(caught.value)
