"""VOC folders as the SDK reads them."""

from __future__ import annotations

import time

import pytest
from labelled import listed, picture, voc, voc_object, voc_xml

from instantreact_sdk import InstantReactError
from instantreact_sdk.datasets import open_dataset


def boxes(root, *objects: str) -> list[list[float]]:
    picture(root / "JPEGImages" / "a.jpg")
    voc_xml(root, "a", *objects)
    return open_dataset(f"voc:{root}")[0].objects().boxes.tolist()


def test_a_box_from_the_first_to_the_last_pixel_is_the_whole_picture(tmp_path):
    assert boxes(tmp_path, voc_object(box=(1, 1, 64, 48))) == [[0, 0, 64, 48]]


def test_the_first_pixel_is_counted_and_the_last_too(tmp_path):
    """Pixels 48 to 195 are 148, rows 240 to 371 are 132: VOC2007's first picture."""
    (box,) = boxes(tmp_path, voc_object(box=(48, 240, 195, 371)))
    assert box == [47, 239, 195, 371]
    assert (box[2] - box[0], box[3] - box[1]) == (148, 132)


def test_numbers_with_fractions_are_kept(tmp_path):
    assert boxes(tmp_path, voc_object(box=("2.5", "3.25", "10.75", "20.0"))) == [[1.5, 2.25, 10.75, 20]]


def test_a_box_that_counts_from_0_begins_at_the_edge(tmp_path):
    assert boxes(tmp_path, voc_object(box=(0, 5, 10, 20)), voc_object(box=(3, "0.0", 10, 20))) == [
        [0, 4, 10, 20],
        [2, 0, 10, 20],
    ]


def test_an_object_without_extent_is_left_out_and_the_others_stay(tmp_path):
    assert boxes(
        tmp_path, voc_object(box=(9, 9, 9, 9)), voc_object(box=(9, 9, 8, 20)), voc_object(box=(2, 2, 4, 4))
    ) == [[1, 1, 4, 4]]


@pytest.mark.parametrize(("said", "difficult"), [(None, False), ("", False), (0, False), (1, True)])
def test_who_does_not_say_that_an_object_is_difficult_says_that_it_is_not(tmp_path, said, difficult):
    voc(tmp_path, difficult=said)
    assert open_dataset(f"voc:{tmp_path}")[0].objects().difficult.tolist() == [difficult]


def test_parts_of_an_object_are_no_objects(tmp_path):
    part = "<part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></part>"
    voc_xml(tmp_path, "a", voc_object("person", more=part))
    dataset = open_dataset(f"voc:{tmp_path}")
    assert dataset.classes == ("person",)
    assert dataset[0].objects().boxes.tolist() == [[9, 11, 30, 40]]


def test_classes_are_those_of_all_objects_in_the_order_of_the_alphabet_in_every_split(tmp_path):
    for name, label in (("a", "dog"), ("b", "ape"), ("c", "cat")):
        voc_xml(tmp_path, name, voc_object(label))
    listed(tmp_path / "ImageSets/Main/train.txt", "a")
    dataset = open_dataset(f"voc:{tmp_path}")
    assert dataset.classes == dataset.split("train").classes == ("ape", "cat", "dog")
    assert dataset.split("train")[0].objects().labels.tolist() == [2]


def test_a_list_of_classes_says_their_order(tmp_path):
    voc(tmp_path)
    listed(tmp_path / "classes.txt", "zebra", "dog")
    assert open_dataset(f"voc:{tmp_path}")[0].objects().labels.tolist() == [1]


def test_a_class_that_was_not_given_is_named_with_file_and_object(tmp_path):
    voc(tmp_path)
    with pytest.raises(
        InstantReactError, match=r"p0\.xml, object 1: 'dog' is none of the classes cat and cow"
    ) as refused:
        open_dataset(f"voc:{tmp_path}", classes=["cat", "cow"])[0].objects()
    assert refused.value.code == "IR7007"


def test_splits_are_the_lists_of_pictures_and_not_those_of_one_class(tmp_path):
    voc(tmp_path, 3)
    lists = tmp_path / "ImageSets/Main"
    listed(lists / "train.txt", "p2", "", "p0")
    listed(lists / "val.txt", "p1")
    listed(lists / "dog_train.txt", "p2  1", "p0 -1")
    dataset = open_dataset(f"voc:{tmp_path}")
    assert dataset.splits == ("train", "val")
    assert dataset.split("train").ids == ("p2", "p0")
    with pytest.raises(InstantReactError, match=r"IR7003: .* no split 'test'\. Choose train or val"):
        dataset.split("test")


def test_a_file_that_lists_pictures_is_a_split(tmp_path):
    voc(tmp_path / "d", 3)
    assert open_dataset(f"voc:{tmp_path / 'd'}").split(str(listed(tmp_path / "mine.txt", "p1"))).ids == ("p1",)


def test_a_dataset_without_splits_has_a_split_by_chance_that_depends_on_names_and_seed_alone(tmp_path):
    (tmp_path / "Annotations").mkdir()
    for number in range(50):
        (tmp_path / "Annotations" / f"{number:02}.xml").touch()
    dataset = open_dataset(f"voc:{tmp_path}")
    parts = {name: set(dataset.split(name).ids) for name in ("train", "val", "test")}
    assert [len(part) for part in parts.values()] == [40, 5, 5]
    assert set.union(*parts.values()) == set(dataset.ids)
    assert set(dataset.split("trainval").ids) == parts["train"] | parts["val"]
    assert set(dataset.split("val", seed=1).ids) != parts["val"]
    # sha256 of "0 NAME", sorted: the last five, reckoned with another program.
    assert dataset.split("test").ids == tuple(sorted(LAST_FIVE))


LAST_FIVE = ("19", "32", "47", "06", "27")


def test_opening_a_dataset_reads_no_annotation(tmp_path):
    """These cannot be read, and nobody complains until one is asked for."""
    (tmp_path / "Annotations").mkdir()
    names = [f"{number:06}" for number in range(2000)]
    for name in names:
        (tmp_path / "Annotations" / f"{name}.xml").write_bytes(b"\xff")
    dataset = open_dataset(f"voc:{tmp_path}")
    assert len(dataset) == 2000
    assert [sample.id for sample in dataset[5:8]] == names[5:8]
    with pytest.raises(InstantReactError, match="IR7005"):
        dataset[5].objects()


def test_a_picture_of_another_size_than_said_is_refused_when_both_are_loaded(tmp_path):
    voc(tmp_path)
    voc_xml(tmp_path, "p0", voc_object(), size=(48, 64))
    with pytest.raises(InstantReactError, match=r"IR7006: .*p0\.jpg is 64 x 48, and .*p0\.xml says that it is 48 x 64"):
        open_dataset(f"voc:{tmp_path}")[0].load()


def test_where_the_size_is_not_said_it_is_the_pictures(tmp_path):
    voc(tmp_path)
    voc_xml(tmp_path, "p0", voc_object(), size=(0, 0))
    image, objects = open_dataset(f"voc:{tmp_path}")[0].load()
    assert image.shape == (48, 64, 3)
    assert (objects.width, objects.height) == (64, 48)


HOSTILE = {
    "empty": (b"", "it is no XML"),
    "no xml": (b"dog 1 2 3 4", "it is no XML"),
    "cut off": (b"<annotation><object>", "it is no XML"),
    "not utf-8": (b"<annotation><object><name>\xff\xfe</name></object></annotation>", "it is no XML"),
    "unknown encoding": (b"<?xml version='1.0' encoding='klingon'?><annotation/>", ""),
    "laughs": (
        b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><annotation><object><name>&b;</name></object></annotation>',
        "it defines entities",
    ),
    "a file of the machine": (
        b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><annotation><object><name>&a;</name></object></annotation>',
        "it defines entities",
    ),
    "no name": (b"<annotation><object><bndbox/></object></annotation>", "object 1 has no name"),
    "no box": (b"<annotation><object><name>dog</name></object></annotation>", "object 1: '' is no number"),
    "no number": (voc_object(box=(1, "nan", 3, 4)).join(("<a>", "</a>")).encode(), "object 1: 'nan' is no number"),
    "infinite": (voc_object(box=(1, 2, "1e999", 4)).join(("<a>", "</a>")).encode(), "object 1: 1e999 is no place"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_annotation_is_one_sentence_that_names_it(tmp_path, name):
    content, problem = HOSTILE[name]
    (tmp_path / "Annotations").mkdir()
    (tmp_path / "Annotations" / "bad.xml").write_bytes(content)
    with pytest.raises(InstantReactError) as refused:
        open_dataset(f"voc:{tmp_path}")[0].objects()
    assert refused.value.code == "IR7005"
    assert "bad.xml" in refused.value.what
    assert problem in refused.value.what
    assert "\n" not in refused.value.what


def test_an_annotation_as_large_as_a_disk_is_not_read(tmp_path):
    (tmp_path / "Annotations").mkdir()
    with (tmp_path / "Annotations" / "huge.xml").open("wb") as file:
        file.truncate(1 << 34)
    started = time.monotonic()
    with pytest.raises(InstantReactError, match="it has more than 16 MiB"):
        open_dataset(f"voc:{tmp_path}")[0].objects()
    assert time.monotonic() - started < 60, "16 GiB of zeros were read"


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("voc:nowhere", "IR7002: .*nowhere cannot be used as a VOC dataset: there is no such folder"),
        ("nowhere", "IR7001: 'nowhere' names no dataset: there is no such file or folder"),
        (".", "IR7001: .* cannot be guessed"),
        ("coco:nowhere.json", "IR7002: .* there is no such file"),
        ("yolo:nowhere", "IR7002: .* there is no such folder"),
    ],
)
def test_an_address_that_leads_nowhere_is_one_sentence(tmp_path, monkeypatch, address, problem):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InstantReactError, match=problem):
        open_dataset(address)
