"""COCO files as the SDK reads them."""

from __future__ import annotations

import json
import pickle

import pytest
from labelled import coco, picture

from instantreact_sdk import InstantReactError
from instantreact_sdk.datasets import check, open_dataset

IMAGE = {"id": 7, "file_name": "cam1/a b.jpg", "width": 64, "height": 48}
DOG = {"id": 1, "image_id": 7, "category_id": 1, "bbox": [9.5, 11, 20, 29]}


def test_boxes_are_edges_from_the_corner_of_the_picture(tmp_path):
    crowd = {**DOG, "id": 2, "category_id": 2, "iscrowd": 1, "area": 12.5}
    dataset = open_dataset(f"coco:{coco(tmp_path, [IMAGE], [DOG, crowd])}")
    objects = dataset[0].objects()
    assert dataset.ids == ("cam1/a b.jpg",)
    assert dataset.classes == ("dog", "cat")
    assert objects.boxes.tolist() == [[9.5, 11, 29.5, 40]] * 2
    assert objects.labels.tolist() == [0, 1]
    assert objects.crowd.tolist() == [False, True]
    assert objects.areas.tolist() == [20 * 29, 12.5]
    assert (objects.width, objects.height) == (64, 48)


def test_samples_can_be_sent_to_other_processes(tmp_path):
    dataset = open_dataset(f"coco:{coco(tmp_path, [IMAGE], [DOG])}")
    sample = pickle.loads(pickle.dumps(dataset[0]))
    assert sample.objects().boxes.tolist() == dataset[0].objects().boxes.tolist()
    assert dataset[0] == dataset[0]


@pytest.mark.parametrize("folder", ["images", "JPEGImages", "labels", "."])
@pytest.mark.parametrize("file", ["labels.json", "annotations/labels.json", "a/b/labels.json"])
def test_pictures_are_found_beside_the_file_and_above_it(tmp_path, folder, file):
    picture(tmp_path / folder / "cam1" / "a b.jpg")
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    coco(tmp_path, [IMAGE], [DOG]).replace(path)
    assert open_dataset(f"coco:{path}")[0].load()[0].shape == (48, 64, 3)


def test_a_picture_without_annotations_has_no_objects(tmp_path):
    assert len(open_dataset(f"coco:{coco(tmp_path, [IMAGE], [])}")[0].objects()) == 0


def test_labels_are_counted_in_the_order_of_the_numbers_of_categories(tmp_path):
    path = coco(tmp_path, [IMAGE], [DOG])
    whole = json.loads(path.read_text())
    whole["categories"] = [{"id": 90, "name": "toothbrush"}, {"id": 1, "name": "person"}]
    path.write_text(json.dumps(whole))
    assert open_dataset(str(path)).classes == ("person", "toothbrush")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b.jpg"])
def test_a_picture_outside_the_dataset_is_not_opened(tmp_path, name):
    dataset = open_dataset(f"coco:{coco(tmp_path, [{**IMAGE, 'file_name': name}], [DOG])}")
    with pytest.raises(InstantReactError, match=r"IR7004: .* its name leads out of"):
        dataset[0].image()


@pytest.mark.parametrize(("name", "kind"), [("n" * 5000, "missing-picture"), ("a\0b.jpg", "unreadable-picture")])
def test_a_name_that_no_file_can_have_is_one_sentence(tmp_path, name, kind):
    dataset = open_dataset(f"coco:{coco(tmp_path, [{**IMAGE, 'file_name': name}], [DOG])}")
    with pytest.raises(InstantReactError, match="IR7004"):
        dataset[0].load()
    assert kind in check(dataset).counts


@pytest.mark.parametrize("address", ["voc:" + "a" * 5000, "coco:" + "a" * 5000, "a" * 5000])
def test_an_address_that_no_folder_can_have_is_one_sentence(address):
    with pytest.raises(InstantReactError, match=r"IR7001: .*too long"):
        open_dataset(address)


@pytest.mark.parametrize("flag", ["iscrowd", "ignore"])
def test_a_flag_that_is_neither_0_nor_1_is_named(tmp_path, flag):
    dataset = open_dataset(f"coco:{coco(tmp_path, [IMAGE], [{**DOG, flag: 'no'}])}")
    with pytest.raises(InstantReactError, match=rf"IR7005: .*annotations\[0\]: {flag} is neither 0 nor 1"):
        dataset[0].objects()


def test_a_dataset_without_pictures_is_not_in_order(tmp_path):
    with pytest.raises(InstantReactError, match=r"IR7018: .* it has no pictures"):
        check(open_dataset(f"coco:{coco(tmp_path, [], [])}"))


BAD = {
    "no json": (b"{", "it is no JSON in UTF-8"),
    "not utf-8": (b'{"images": "\xff\xfe"}', "it is no JSON in UTF-8"),
    "deep": (b"[" * 200_000, "it is no JSON in UTF-8"),
    "a list": (b"[]", "it is no JSON object"),
    "no lists": (b'{"images": []}', "it has no list of objects 'annotations'"),
    "numbers": (b'{"images": [1], "annotations": [], "categories": []}', "it has no list of objects 'images'"),
    "no name": (b'{"images": [{"id": 1}], "annotations": [], "categories": []}', "images[0] has no file_name or no id"),
    "no image": (b'{"images": [], "annotations": [{"id": 1}], "categories": []}', "annotations[0] has no image_id"),
    "one name twice": (
        b'{"images": [], "annotations": [], "categories": [{"id": 1, "name": "a"}, {"id": 2, "name": "a"}]}',
        "categories[1] is there already",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_sentence(tmp_path, name):
    content, problem = BAD[name]
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(InstantReactError) as refused:
        len(open_dataset(f"coco:{path}"))
    assert refused.value.code == "IR7002"
    assert problem in refused.value.what
    assert len(refused.value.what) < 500 + len(str(path))


@pytest.mark.parametrize(
    ("box", "problem"),
    [
        (None, "has no bbox of four numbers"),
        ([1, 2, 3], "has no bbox"),
        ([1, 2, "x", 4], "'x' is no number"),
        ([1, 2, True, 4], "no number"),
    ],
)
def test_a_bad_box_is_named_by_its_place_in_the_file(tmp_path, box, problem):
    dataset = open_dataset(f"coco:{coco(tmp_path, [IMAGE], [DOG, {**DOG, 'id': 2, 'bbox': box}])}")
    with pytest.raises(
        InstantReactError, match=rf"IR7005: .*labels\.json.* cam1/a b\.jpg: annotations\[1\].*{problem}"
    ):
        dataset[0].objects()
