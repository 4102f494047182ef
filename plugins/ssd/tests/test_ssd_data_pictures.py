"""From samples on the disk to examples."""

from __future__ import annotations

import random
import shutil

import numpy as np
import pytest
import torch
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.data import Draw, Pictures, collate, fingerprint
from instantreact_ssd.data.pictures import _ROOM_TO_CROP
from labelled import coco, picture, voc, voc_object, voc_xml
from PIL import Image

from instantreact_sdk import Frame, InstantReactError
from instantreact_sdk.datasets import open_dataset

SIZE = 64
SMALL = Architecture(size=SIZE, grids=(8, 4, 2, 1, 1, 1), steps=None)


def pictures(root, *, augment=False, **settings):
    dataset = open_dataset(f"voc:{root}")
    return Pictures(dataset, SMALL, **{"augment": augment, "seed": 3, "labels": dataset.classes, **settings})


def same(first, second):
    return (
        torch.equal(first.image, second.image) and torch.equal(first.boxes, second.boxes) and first.name == second.name
    )


def test_a_picture_to_be_measured_by_is_stretched_as_when_detecting(tmp_path):
    voc(tmp_path, box=(17, 13, 32, 48))
    (example,) = pictures(tmp_path)
    frame = Frame(np.array(Image.open(tmp_path / "JPEGImages/p0.jpg")), time=0.0, index=0)
    assert np.array_equal(example.image.permute(1, 2, 0).numpy(), frame.resized(SIZE, SIZE))
    # VOC's pixels 17 to 32 and 13 to 48 of 64 x 48 are a quarter to a half of the width, and a quarter to the whole of the height.
    target = example.target
    assert target.boxes.tolist() == [[0.25, 0.25, 0.5, 1.0]]
    assert target.labels.tolist() == [0]
    assert example.name == "p0"


def test_difficult_objects_are_neither_to_be_found_nor_background(tmp_path):
    voc(tmp_path)
    voc_xml(tmp_path, "p0", voc_object("cat", box=(1, 1, 32, 24)), voc_object(box=(33, 25, 64, 48), difficult=1))
    target = pictures(tmp_path)[0].target
    assert target.boxes.tolist() == [[0, 0, 0.5, 0.5]]
    assert target.labels.tolist() == [0], "classes are in alphabetical order"
    assert target.difficult.tolist() == [[0.5, 0.5, 1, 1]]
    altered = pictures(tmp_path, augment=True)
    seen = [altered[Draw(epoch, 0)] for epoch in range(60)]
    assert {len(example.target.difficult) for example in seen} == {0, 1}
    assert all(len(example.target.boxes) + len(example.target.difficult) == len(example.boxes) for example in seen)


def test_crowds_are_kept_apart_from_difficult_objects(tmp_path):
    image = {"id": 1, "file_name": "images/a.jpg", "width": 64, "height": 48}
    one = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 32, 24]}
    crowd = {"id": 2, "image_id": 1, "category_id": 1, "bbox": [32, 0, 32, 48], "iscrowd": 1}
    picture(tmp_path / "images/a.jpg")
    dataset = open_dataset(f"coco:{coco(tmp_path, [image], [one, crowd])}")
    target = Pictures(dataset, SMALL, augment=False, seed=0, labels=dataset.classes)[0].target
    assert target.boxes.tolist() == [[0, 0, 0.5, 0.5]]
    assert target.crowds.tolist() == [[0.5, 0, 1, 1]]
    assert not len(target.difficult)


def test_boxes_are_cut_to_the_picture_and_what_lies_outside_is_no_object(tmp_path):
    voc(tmp_path)
    voc_xml(tmp_path, "p0", voc_object(box=(-30, -3, 32, 100)), voc_object(box=(65, 1, 90, 20)))
    assert pictures(tmp_path)[0].target.boxes.tolist() == [[0, 0, 0.5, 1]]


def test_pictures_without_objects_stay(tmp_path):
    voc(tmp_path, 2)
    voc_xml(tmp_path, "p1")
    batch = collate([pictures(tmp_path)[0], pictures(tmp_path)[1]])
    assert batch.images.shape == (2, 3, SIZE, SIZE)
    assert batch.images.dtype == torch.uint8
    assert [len(target.boxes) for target in batch.targets] == [1, 0]
    assert batch.names == ["p0", "p1"]


def test_a_picture_that_exif_turns_fits_its_boxes(tmp_path):
    """Stored as 48 x 64 and turned a quarter, the left half of the stored is the upper half of what people see."""
    voc(tmp_path, box=(1, 1, 64, 24))
    path = tmp_path / "JPEGImages/p0.jpg"
    stored = np.zeros((64, 48, 3), np.uint8)
    stored[:, :24] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # shown, its left edge is above
    Image.fromarray(stored).save(path, exif=exif)
    (example,) = pictures(tmp_path)
    assert example.target.boxes.tolist() == [[0, 0, 1, 0.5]]
    assert example.image[:, :30].min() > 240
    assert example.image[:, 34:].max() < 15


def test_an_example_depends_on_seed_epoch_and_place_alone(tmp_path):
    voc(tmp_path, 6)
    first, second = pictures(tmp_path, augment=True), pictures(tmp_path, augment=True, cache=0)
    expected = {Draw(epoch, place): first[Draw(epoch, place)] for epoch in range(2) for place in range(6)}
    torch.manual_seed(1)
    before = (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist())  # noqa: NPY002
    for draw in random.Random(4).sample(sorted(expected), len(expected)):
        assert same(second[draw], expected[draw])
    assert before == (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist())  # noqa: NPY002
    assert not same(expected[Draw(0, 0)], expected[Draw(1, 0)])
    assert not same(expected[Draw(0, 0)], pictures(tmp_path, augment=True, seed=4)[0])


def test_the_cache_keeps_the_pictures_that_fit_and_is_not_changed_by_what_is_done_to_them(tmp_path):
    """Each picture takes 64 * 64 * 3 = 12288 bytes; .03 MB have room for two."""
    voc(tmp_path, 3)
    examples = pictures(tmp_path, cache=0.03)
    first = [examples[place] for place in range(3)]
    first[0].image.mul_(0)
    shutil.rmtree(tmp_path / "JPEGImages")
    assert examples[0].image.any()
    assert same(examples[1], first[1])
    with pytest.raises(InstantReactError, match=r"p2\.jpg cannot be read"):
        examples[2]


def test_a_large_picture_is_kept_small(tmp_path):
    voc(tmp_path)
    picture(tmp_path / "JPEGImages/p0.jpg", (1600, 100))
    voc_xml(tmp_path, "p0", voc_object(box=(801, 1, 1600, 50)), size=(1600, 100))
    examples = pictures(tmp_path, augment=True)
    assert examples._pixels(0).shape == (100, _ROOM_TO_CROP * SIZE, 3)
    assert examples._boxes[0].tolist() == [[64, 0, 128, 50]]


def test_an_annotation_of_another_size_is_refused(tmp_path):
    voc(tmp_path)
    voc_xml(tmp_path, "p0", voc_object(), size=(65, 48))
    with pytest.raises(InstantReactError, match=r"IR7006: .*p0\.jpg is 64 x 48"):
        pictures(tmp_path)[0]


def test_classes_get_the_networks_numbers_and_others_are_refused(tmp_path):
    voc(tmp_path)
    assert pictures(tmp_path, labels=["cat", "dog"])[0].labels.tolist() == [1]
    with pytest.raises(InstantReactError, match="show 'dog', and the network knows only cat, cow"):
        pictures(tmp_path, labels=["cat", "cow"])


def test_the_fingerprint_is_of_what_the_data_are_not_of_where_they_lie(tmp_path):
    here, there = voc(tmp_path / "here", 3), voc(tmp_path / "there", 3)
    data = open_dataset(f"voc:{here}")
    said = fingerprint(data)
    assert len(said) == 64
    assert fingerprint(open_dataset(f"voc:{there}")) == said
    assert fingerprint([data[2], data[0], data[1]]) == said
    assert fingerprint(data[:2]) != said
    voc_xml(there, "p1", voc_object(box=(10, 12, 30, 41)))
    assert fingerprint(open_dataset(f"voc:{there}")) != said
    picture(here / "JPEGImages/p1.jpg", seed=9)
    assert fingerprint(data) != said


@pytest.mark.parametrize("name", ["bccd", "voc2012_animals", "montreal_cctv"])
def test_real_data_give_good_targets(shared_data, name):
    data = open_dataset(f"voc:{shared_data / 'detection' / name}")[:40]
    learning = Pictures(data, SMALL, augment=True, seed=0, labels=data.classes)
    measuring = Pictures(data, SMALL, augment=False, seed=0, labels=data.classes)
    objects = sum(len(sample.objects()) for sample in data)
    assert sum(len(measuring[place].boxes) for place in range(40)) == objects
    kept = 0
    for place in range(40):
        example = learning[Draw(1, place)]
        kept += len(example.boxes)
        assert ((example.boxes >= 0) & (example.boxes <= SIZE)).all()
        assert (example.target.boxes[:, 2:] > example.target.boxes[:, :2]).all()
        assert example.image.shape == (3, SIZE, SIZE)
    assert objects / 4 < kept < objects
