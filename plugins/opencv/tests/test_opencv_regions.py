import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from instantreact_opencv.regions import regions

HEIGHT, WIDTH = 60, 80


def mask(*boxes):
    picture = np.zeros((HEIGHT, WIDTH), np.uint8)
    for x0, y0, x1, y1 in boxes:
        picture[y0:y1, x0:x1] = 255
    return picture


def test_each_thing_has_its_box_and_its_number_of_pixels_and_the_largest_is_first():
    boxes, areas = regions(mask((2, 3, 8, 9), (40, 20, 50, 50)), least=10)
    assert boxes.tolist() == [[40, 20, 50, 50], [2, 3, 8, 9]]
    assert areas.tolist() == [300, 36]


def test_what_is_smaller_than_least_is_left_out():
    boxes, _ = regions(mask((2, 3, 8, 9), (40, 20, 50, 50)), least=37)
    assert boxes.tolist() == [[40, 20, 50, 50]]
    boxes, areas = regions(mask(), least=1)
    assert boxes.shape == (0, 4)
    assert areas.shape == (0,)


def test_a_head_and_legs_that_came_apart_share_a_box_and_their_pixels_count_together():
    # The arm hangs down beside the legs, three columns away: near enough for one box, too far to be connected.
    trunk, arm, legs = (20, 5, 30, 20), (20, 20, 22, 30), (25, 28, 33, 50)
    boxes, areas = regions(mask(trunk, arm, legs), least=300)
    assert boxes.tolist() == [[20, 5, 33, 50]]
    assert areas.tolist() == [150 + 20 + 176]
    apart, _ = regions(mask(trunk, arm, (40, 28, 48, 50)), least=100)
    assert len(apart) == 2


def test_people_side_by_side_stay_two():
    boxes, _ = regions(mask((10, 10, 20, 40), (25, 12, 35, 42)), least=10)
    assert len(boxes) == 2


small = st.tuples(st.integers(0, 70), st.integers(0, 50), st.integers(1, 10), st.integers(1, 10))


@given(st.lists(small, max_size=12))
def test_every_moving_pixel_is_in_a_box_and_boxes_are_inside_the_picture(things):
    picture = mask(*((x, y, x + w, y + h) for x, y, w, h in things))
    boxes, areas = regions(picture, least=1)
    covered = np.zeros_like(picture, bool)
    for x0, y0, x1, y1 in boxes.astype(int):
        assert 0 <= x0 < x1 <= WIDTH
        assert 0 <= y0 < y1 <= HEIGHT
        covered[y0:y1, x0:x1] = True
    assert covered[picture > 0].all()
    assert (np.diff(areas) <= 0).all()
    assert areas.sum() >= (picture > 0).sum()
