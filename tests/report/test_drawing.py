from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk import Caption, Detections, Observation
from instantreact_sdk.report import draw
from instantreact_sdk.report.colours import colour_of

GREY = np.full((240, 320, 3), 90, np.uint8)


def seen(boxes: list[list[float]], names: tuple[str, ...] = ("person",), **more: object) -> Observation:
    found = Detections(boxes, [0.9] * len(boxes), [0] * len(boxes), **more)
    return Observation("a/b/0", "a", "b", 0.0, 0.0, found, 0, names)


def said(text: str) -> Observation:
    return Observation("a/c/0", "a", "c", 0.0, 1.0, Caption(text, 0.5, 0.0, 1.0))


def changed(image: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    return (image != drawn).any(axis=2)


def test_leaves_the_picture_itself_alone():
    image = GREY.copy()
    image.flags.writeable = False
    draw(image, [seen([[0.2, 0.3, 0.6, 0.8]]), said("hello")], {"gate": [(0, 0), (1, 0), (1, 1)]})
    assert (image == GREY).all()


def test_draws_nothing_where_nothing_was_seen():
    assert (draw(GREY, []) == GREY).all()


def test_a_box_changes_its_edges_and_its_tag_and_nothing_else():
    where = changed(GREY, draw(GREY, [seen([[0.25, 0.5, 0.5, 0.75]])]))
    # 0.25 * 319 = 79.75 and so on: columns 80 to 160, rows 120 to 179.
    assert where[120:180, 80].all()
    assert where[120:180, 160].all()
    assert where[179, 80:161].all()
    assert not where[121:179, 81:160].any(), "the inside of the box stays as it is"
    outside = where.copy()
    outside[100:180, 80:161] = False
    assert not outside.any(), "the tag stands on the box, not wider than its room"


def test_a_tag_without_room_above_or_at_the_right_stays_inside_the_picture():
    drawn = draw(GREY, [seen([[0.9, 0.0, 1.0, 0.5]], names=("a long name of a thing",))])
    tag = np.all(drawn == colour_of("a long name of a thing"), axis=2)
    assert tag[5, 200:315].any()
    assert drawn.shape == GREY.shape


def test_a_zone_tints_its_inside_only():
    where = changed(GREY, draw(GREY, [], {"": [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]}))
    assert where[62:178, 82:238].all()
    where[58:182, 78:242] = False
    assert not where.any()


@pytest.mark.parametrize(("height", "width"), [(180, 320), (576, 768), (2160, 3840)])
def test_lines_and_letters_grow_with_the_picture(height: int, width: int):
    image = np.full((height, width, 3), 90, np.uint8)
    where = changed(image, draw(image, [seen([[0.25, 0.5, 0.75, 0.75]])]))
    left_edge = where[round(height * 0.65), : width // 2].sum()
    tag = where[: height // 2, round(width * 0.26)].sum()
    assert max(1, height / 640) <= left_edge <= max(3, height / 160)
    assert max(10, height / 40) <= tag <= max(20, height / 20)


def test_words_too_long_for_the_picture_are_cut():
    assert draw(GREY, [said("word " * 500)]).shape == GREY.shape


def test_draws_letters_of_other_alphabets_as_themselves():
    unknown = draw(GREY, [said("\ue000\ue000\ue000\ue000")])
    for text in ("Über", "мама", "日本語中"):
        assert (draw(GREY, [said(text)]) != unknown).any()


def test_a_label_has_one_colour_and_labels_have_several():
    assert colour_of("person") == colour_of("person")
    assert len({colour_of(f"label {k}") for k in range(100)}) >= 8


def test_dark_letters_on_every_colour_have_a_contrast_of_at_least_4_5():
    def luminance(colour: tuple[int, int, int]) -> float:  # WCAG 2.2, relative luminance
        parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    ink = luminance((16, 20, 20))
    for colour in {colour_of(f"label {k}") for k in range(200)}:
        assert (luminance(colour) + 0.05) / (ink + 0.05) >= 4.5


edges = st.floats(0, 1, width=32)


@given(
    st.lists(st.tuples(edges, edges, edges, edges), max_size=5),
    st.integers(2, 90),
    st.integers(2, 90),
    st.text(max_size=20),
)
def test_any_boxes_and_words_fit_on_any_picture(corners, height, width, text):
    boxes = [[min(a, c), min(b, d), max(a, c), max(b, d)] for a, b, c, d in corners]
    image = np.zeros((height, width, 3), np.uint8)
    drawn = draw(image, [seen(boxes, tracks=range(len(boxes))), said(text)], {text: [(0, 0), (1, 0.5), (0.5, 1)]})
    assert drawn.shape == image.shape
    assert drawn.dtype == np.uint8
