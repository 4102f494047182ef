"""YOLO folders as the SDK reads them."""

from __future__ import annotations

import pytest
from labelled import listed, picture

from instantreact_sdk import InstantReactError
from instantreact_sdk.datasets import open_dataset


def yolo(root, *lines: str, names: str = "names: [dog, cat]"):
    picture(root / "images/train/a.jpg", (64, 48))
    listed(root / "labels/train/a.txt", *lines)
    listed(root / "data.yaml", names)
    return open_dataset(f"yolo:{root}")


def test_fractions_about_the_centre_are_edges_in_pixels(tmp_path):
    """Half of 64 is 32 and a quarter 16, so 24 to 40; of 48 half is 24, so all of it from 0 to 48."""
    dataset = yolo(tmp_path, "1 0.5 0.5 0.25 1.0")
    objects = dataset[0].objects()
    assert dataset.ids == ("images/train/a",)
    assert objects.boxes.tolist() == [[24, 0, 40, 48]]
    assert objects.labels.tolist() == [1]


def test_an_outline_has_the_box_around_it(tmp_path):
    assert yolo(tmp_path, "0 0.25 0.5 0.5 0.25 0.75 1")[0].objects().boxes.tolist() == [[16, 12, 48, 48]]


def test_a_picture_without_a_text_has_no_objects(tmp_path):
    dataset = yolo(tmp_path)
    (tmp_path / "labels/train/a.txt").unlink()
    assert len(dataset[0].objects()) == 0


@pytest.mark.parametrize("orientation", [6, 8])
def test_fractions_are_those_of_the_upright_picture(tmp_path, orientation):
    dataset = yolo(tmp_path, "0 0.5 0.5 1 0.5")
    picture(tmp_path / "images/train/a.jpg", (64, 48), orientation=orientation)
    image, objects = dataset[0].load()
    assert image.shape == (64, 48, 3)
    assert objects.boxes.tolist() == [[0, 16, 48, 48]]


@pytest.mark.parametrize(
    ("names", "classes"),
    [("names: [dog, cat]", ("dog", "cat")), ("names: {1: cat, 0: dog}", ("dog", "cat")), ("nc: 1", ("0",))],
)
def test_names_are_a_list_or_numbered_or_the_numbers_themselves(tmp_path, names, classes):
    assert yolo(tmp_path, "0 .5 .5 .5 .5", names=names).classes == classes


@pytest.mark.parametrize("value", ["images/train", "../images/train", "/content/data/images/train", "train.txt"])
def test_splits_are_folders_or_lists_inside_whatever_machine_they_were_written_on(tmp_path, value):
    dataset = yolo(tmp_path, names=f"train: {value}\nval: nowhere")
    picture(tmp_path / "images/other/b.jpg")
    listed(tmp_path / "train.txt", "/content/data/images/train/a.jpg")
    assert dataset.splits == ("train",)
    assert dataset.split("train").ids == ("images/train/a",)


def test_texts_may_lie_beside_their_pictures(tmp_path):
    picture(tmp_path / "a.png")
    listed(tmp_path / "a.txt", "0 .5 .5 1 1")
    listed(tmp_path / "classes.txt", "dog")
    dataset = open_dataset(str(tmp_path))
    assert dataset.classes == ("dog",)
    assert dataset[0].objects().boxes.tolist() == [[0, 0, 64, 48]]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("0 .5 .5 1", "line 1 has 4 values, and has to have 5"),
        ("0 .5 .5 1 1 0.9", "line 1 has 6 values"),
        ("dog .5 .5 1 1", "line 1: 'dog' is no number"),
        ("1_0 .5 .5 1 1", "line 1: '1_0' is no number"),
        ("\u0661 .5 .5 1 1", "line 1: '\u0661' is no number"),
        ("0.5 .5 .5 1 1", "0.5 is no number of a class"),
        ("-1 .5 .5 1 1", "-1 is no number of a class"),
        ("0 320 240 100 200", "no fractions"),
        ("0 nan .5 1 1", "'nan' is no number"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, problem):
    with pytest.raises(InstantReactError, match=r"IR7005: .*a\.txt cannot be read: .*" + problem):
        yolo(tmp_path, line)[0].objects()


LEVELS = [f"b{level}: &b{level} [{', '.join([f'*b{level - 1}'] * 9)}]" for level in range(1, 10)]
A_BILLION = "\n".join(["b0: &b0 [x]", *LEVELS, "names: *b9"])


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ("names: {1: cat}", "the numbers of its names do not count from 0"),
        ("- a", "it says nothing by name"),
        ("names: [", "it is no YAML"),
        ("a: !!python/object/apply:os.system ['true']", "it is no YAML"),
        ("names: cat", "its names are no list"),
        ("names: [[cat]]", "its name number 0 is no text"),
        ("names: [cat, {a: b}]", "its name number 1 is no text"),
        (A_BILLION, "its name number 0 is no text"),
        ("names: [cat, cat]", "its name 'cat' is there twice"),
        ("names: [cat]\nnc: 2", "it names 1 classes, and nc says another number"),
        (A_BILLION.replace("names:", "names: [cat]\nnc:"), "it names 1 classes, and nc says another number"),
    ],
)
def test_a_bad_description_is_one_sentence(tmp_path, names, problem):
    with pytest.raises(InstantReactError, match=rf"IR7002: .*data\.yaml cannot be used as a YOLO dataset: {problem}"):
        _ = yolo(tmp_path, names=names).classes


def test_a_split_that_is_no_path_is_told(tmp_path):
    with pytest.raises(InstantReactError, match="its train has to be one path"):
        _ = yolo(tmp_path, names="names: [cat]\ntrain: [images/train, images/more]").splits


def test_a_text_that_is_no_text_is_one_sentence(tmp_path):
    dataset = yolo(tmp_path)
    (tmp_path / "labels/train/a.txt").write_bytes(b"0 \xff .5 1 1")
    with pytest.raises(InstantReactError, match=r"a\.txt cannot be read: it is not text in UTF-8"):
        dataset[0].objects()
