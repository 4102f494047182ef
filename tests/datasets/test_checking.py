"""What `check` finds, each kind once, and what `mend` makes of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from labelled import coco, listed, picture, voc, voc_object, voc_xml
from PIL import Image

from instantreact_sdk import InstantReactError
from instantreact_sdk.datasets import KINDS, check, mend, open_dataset
from instantreact_sdk.datasets.checking import own_splits, respelled
from instantreact_sdk.datasets.mending import turned_box


def xml(*objects: str, size: tuple[int, int] | None = (64, 48)):
    return lambda root: voc_xml(root, "p0", *objects, size=size)


def turned(orientation: int, size: tuple[int, int]):
    """The picture of 64 x 48 is stored so, and the annotation says a size."""

    def change(root: Path) -> None:
        picture(root / "JPEGImages/p0.jpg", orientation=orientation)
        voc_xml(root, "p0", voc_object(), size=size)

    return change


def leak(root: Path) -> None:
    """The same picture at two thirds of the size and half the quality, in another split."""
    image = Image.open(root / "JPEGImages/p0.jpg")
    image.resize((42, 32)).save(root / "JPEGImages/p1.jpg", quality=50)
    voc_xml(root, "p1", voc_object(box=(2, 2, 9, 9)), size=(42, 32))
    listed(root / "ImageSets/Main/train.txt", "p0")
    listed(root / "ImageSets/Main/val.txt", "p1", "p2")
    listed(root / "ImageSets/Main/trainval.txt", "p0", "p1", "p2")


WRONG = {
    "empty picture": (lambda root: (root / "JPEGImages/p0.jpg").write_bytes(b""), {"unreadable-picture": 1}, 2, 2),
    "cut-off picture": (
        lambda root: (root / "JPEGImages/p0.jpg").write_bytes((root / "JPEGImages/p0.jpg").read_bytes()[:700]),
        {"unreadable-picture": 1},
        2,
        2,
    ),
    "bad xml": (lambda root: (root / "Annotations/p0.xml").write_text("<a"), {"unreadable-annotation": 1}, 2, 2),
    "no picture": (lambda root: (root / "JPEGImages/p0.jpg").unlink(), {"missing-picture": 1}, 2, 2),
    "no annotation": (lambda root: (root / "Annotations/p0.xml").unlink(), {"missing-annotation": 1}, 2, 2),
    "two endings": (lambda root: picture(root / "JPEGImages/p0.png"), {"duplicate-id": 1}, 3, 3),
    "ghost in a list": (
        lambda root: listed(root / "ImageSets/Main/train.txt", "p0", "p9"),
        {"missing-picture": 1},
        3,
        3,
    ),
    "no size": (xml(voc_object(), size=None), {"size-mismatch": 1}, 3, 3),
    "swapped size": (xml(voc_object(box=(1, 1, 4, 4)), size=(48, 64)), {"size-mismatch": 1}, 2, 2),
    "labelled at half the size": (xml(voc_object(box=(1, 1, 4, 4)), size=(32, 24)), {"size-mismatch": 1}, 3, 3),
    "labelled before EXIF turned it": (turned(6, (64, 48)), {"turned-boxes": 1}, 3, 3),
    "labelled upright": (turned(6, (48, 64)), {}, 3, 3),
    "upside down": (turned(3, (64, 48)), {"unsure-turn": 1}, 3, 3),
    "a point": (xml(voc_object(box=(5, 5, 5, 5)), voc_object()), {"degenerate-box": 1}, 3, 3),
    "the wrong way round": (xml(voc_object(box=(9, 5, 5, 9)), voc_object()), {"degenerate-box": 1}, 3, 3),
    "reaching out": (xml(voc_object(box=(5, 5, 66, 49))), {"outside-box": 1}, 3, 3),
    "beyond": (xml(voc_object(box=(70, 5, 80, 20))), {"outside-box": 1}, 3, 2),
    "below 0": (xml(voc_object(box=(-3, 5, 8, 20))), {"outside-box": 1}, 3, 3),
    "from 0": (xml(voc_object(box=(0, 5, 8, 20))), {"zero-based-box": 1}, 3, 3),
    "fractions": (xml(voc_object(box=(1, 5, "8.25", "20.0"))), {"float-box": 1}, 3, 3),
    "another spelling": (xml(voc_object("Dog ")), {"unknown-class": 1}, 3, 3),
    "not said": (xml(voc_object(difficult=None)), {"missing-difficult": 1}, 3, 3),
    "background": (xml(), {"no-objects": 1}, 3, 2),
    "leak": (leak, {"near-duplicate": 1}, 3, 3),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_thing_that_is_wrong_is_found_and_a_mended_copy_is_in_order(tmp_path, name):
    """Three pictures with a dog each, of which one is changed; how many pictures and objects the copy has."""
    change, counts, pictures, objects = WRONG[name]
    root = voc(tmp_path / "data", 3)
    change(root)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    findings = check(open_dataset(f"voc:{root}"))
    assert findings.counts == counts
    assert findings.ok == (not any(KINDS[kind].wrong for kind in counts))
    assert all(problem.file.is_relative_to(root) for problem in findings.problems)

    copy = check(mend(findings.dataset, tmp_path / "copy", classes=findings.classes))
    assert copy.ok
    assert set(copy.counts) <= {"no-objects", "unsure-turn"}
    assert (copy.pictures, sum(copy.classes.values())) == (pictures, objects)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_a_dataset_in_order_has_nothing_to_find(tmp_path):
    findings = check(open_dataset(f"voc:{voc(tmp_path, 3)}"))
    assert (findings.problems, findings.ok, findings.pictures, findings.classes) == ((), True, 3, {"dog": 3})


def test_a_class_that_was_not_given_is_unknown(tmp_path):
    root = voc(tmp_path / "data", 2)
    voc_xml(root, "p1", voc_object("cat"), voc_object("DOG"))
    findings = check(open_dataset(f"voc:{root}", classes=["dog"]))
    assert [(problem.kind, problem.file.name, problem.place) for problem in findings.problems] == [
        ("unknown-class", "p1.xml", "object 1"),
        ("unknown-class", "p1.xml", "object 2"),
    ]
    copy = mend(findings.dataset, tmp_path / "copy", classes=findings.classes)
    assert check(copy).classes == {"dog": 2}


def mended_boxes(tmp_path: Path, root: Path) -> list[list[float]]:
    findings = check(open_dataset(f"voc:{root}"))
    return mend(findings.dataset, tmp_path / "copy", classes=findings.classes)[0].objects().boxes.tolist()


def test_boxes_of_a_resized_picture_are_scaled_with_it(tmp_path):
    """Pixels 11 to 20 of 32 are the edges 10 to 20, and 20 to 40 of 64."""
    root = voc(tmp_path / "data")
    voc_xml(root, "p0", voc_object(box=(11, 7, 20, 12)), size=(32, 24))
    assert mended_boxes(tmp_path, root) == [[20, 12, 40, 24]]


def test_where_the_whole_dataset_counts_from_0_all_boxes_are_mended(tmp_path):
    root = voc(tmp_path / "data")
    voc_xml(root, "p0", voc_object(box=(0, 5, 10, 20)), voc_object(box=(20, 5, 30, 20)))
    assert mended_boxes(tmp_path, root) == [[0, 5, 10, 20], [20, 5, 30, 20]]


def test_a_lonely_0_among_many_that_begin_at_1_is_mended_alone(tmp_path):
    root = voc(tmp_path / "data")
    voc_xml(root, "p0", voc_object(box=(0, 5, 10, 20)), voc_object(box=(1, 5, 30, 20)))
    assert mended_boxes(tmp_path, root) == [[0, 4, 10, 20], [0, 4, 30, 20]]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_box_is_turned_as_the_picture_is(tmp_path, orientation):
    """A white field in the stored picture is where the turned box says in the upright one."""
    image = Image.new("L", (12, 8))
    image.paste(255, (2, 1, 5, 7))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(tmp_path / "a.png", exif=exif)
    from instantreact_sdk.datasets.pictures import load

    left, top, right, bottom = map(int, turned_box((2, 1, 5, 7), (12, 8), orientation))
    upright = load(tmp_path / "a.png")[:, :, 0]
    assert upright[top:bottom, left:right].min() == 255
    assert upright.sum() == 255 * (right - left) * (bottom - top)


def test_what_the_sdk_does_not_read_stays_in_the_copy(tmp_path):
    root = voc(tmp_path / "data")
    voc_xml(root, "p0", voc_object(box=(0, 5, 10, 20), more="<pose>Left</pose><part><name>head</name></part>"))
    mended_boxes(tmp_path, root)
    text = (tmp_path / "copy/Annotations/p0.xml").read_text()
    assert all(piece in text for piece in ("<filename>x.jpg</filename>", "<pose>Left</pose>", "<name>head</name>"))


@pytest.mark.parametrize("where", ["data/copy", "data", "full"])
def test_a_copy_goes_into_a_new_folder_outside(tmp_path, where):
    root = voc(tmp_path / "data")
    listed(tmp_path / "full/mine.txt", "mine")
    with pytest.raises(InstantReactError, match=r"IR7011: .* is there already"):
        mend(open_dataset(f"voc:{root}"), tmp_path / where, classes={"dog": 1})
    assert (tmp_path / "full/mine.txt").read_text() == "mine\n"


def test_a_coco_file_is_checked_and_mended(tmp_path):
    for number in range(2):
        picture(tmp_path / f"data/images/{number}.jpg", seed=number)
    images = [{"id": n, "file_name": f"{n}.jpg", "width": 64, "height": 48, "city": "Douala"} for n in (0, 1, 2)]
    dog = {"image_id": 0, "category_id": 1, "bbox": [5, 6, 7, 8], "segmentation": [[1, 2, 3, 4, 5, 6]]}
    annotations = [
        {**dog, "id": 1},
        {**dog, "id": 1},
        {**dog, "id": 2, "image_id": 9},
        {**dog, "id": 3, "category_id": 5},
        {**dog, "id": 4, "bbox": [5, 6, 0, 8]},
        {**dog, "id": 5, "bbox": [60, 40, 9, 9]},
    ]
    path = coco(tmp_path / "data", [*images, {**images[0], "id": 8}], annotations)
    findings = check(open_dataset(str(path)))
    assert findings.counts == {
        "missing-picture": 2,
        "duplicate-id": 2,
        "degenerate-box": 1,
        "outside-box": 1,
        "unknown-class": 1,
        "no-objects": 2,
    }
    assert [p.place for p in findings.problems if p.kind in {"outside-box", "degenerate-box", "unknown-class"}] == [
        "annotations[4]",
        "annotations[5]",
        "annotations[3]",
    ]
    copy = mend(findings.dataset, tmp_path / "copy", classes=findings.classes)
    assert check(copy).counts == {"no-objects": 1}
    whole = json.loads((tmp_path / "copy/labels.json").read_text())
    assert whole["info"] == {"year": 2026}
    assert whole["images"][0]["city"] == "Douala"
    assert whole["annotations"] == [
        {**dog, "id": 1},
        {"image_id": 0, "category_id": 1, "bbox": [60, 40, 4, 8], "id": 5, "area": 32},
    ]


def test_a_yolo_folder_is_checked_and_mended(tmp_path):
    root = tmp_path / "data"
    for number in range(3):
        picture(root / f"images/{number}.jpg", seed=number)
    listed(root / "data.yaml", "names: [dog, cat]", "train: train.txt")
    listed(root / "train.txt", "./images/0.jpg", "./images/2.jpg")
    listed(root / "labels/0.txt", "1 .5 .5 .25 .25", "2 .5 .5 .5 .5", "0 .5 .5 0 .5", "0 1 .5 .5 .5")
    listed(root / "labels/1.txt", "0 .5 .5 .5")
    listed(root / "labels/7.txt", "0 .5 .5 .5 .5")
    findings = check(open_dataset(str(root)))
    assert findings.counts == {
        "unreadable-annotation": 1,
        "missing-picture": 1,
        "degenerate-box": 1,
        "outside-box": 1,
        "unknown-class": 1,
        "no-objects": 1,
    }
    copy = mend(findings.dataset, tmp_path / "copy", classes=findings.classes)
    assert check(copy).counts == {"no-objects": 1}
    assert (tmp_path / "copy/labels/0.txt").read_text() == "1 .5 .5 .25 .25\n0 0.875 0.5 0.25 0.5\n"
    assert copy.classes == ("dog", "cat")
    assert copy.split("train").ids == ("images/0", "images/2")


def test_a_picture_outside_the_dataset_is_told_and_left_out(tmp_path):
    picture(tmp_path / "secret.jpg")
    picture(tmp_path / "data/images/a.jpg", seed=1)
    images = [
        {"id": n, "file_name": name, "width": 64, "height": 48} for n, name in enumerate(["a.jpg", "../../secret.jpg"])
    ]
    findings = check(open_dataset(str(coco(tmp_path / "data", images, []))))
    assert findings.counts["unreadable-picture"] == 1
    copy = mend(findings.dataset, tmp_path / "copy", classes={})
    assert copy.ids == ("a.jpg",)


def test_a_list_made_of_others_leaks_nothing(tmp_path):
    root = voc(tmp_path, 3)
    for split, names in {"trainval": "p0 p1", "train": "p0", "val": "p1", "test": "p2"}.items():
        listed(root / f"ImageSets/Main/{split}.txt", *names.split())
    dataset = open_dataset(f"voc:{root}")
    assert own_splits(dataset) == {"train": ["p0"], "val": ["p1"], "test": ["p2"]}
    assert check(dataset).ok


def test_one_picture_in_two_splits_is_a_leak_and_stays_in_the_first(tmp_path):
    root = voc(tmp_path / "data", 3)
    listed(root / "ImageSets/Main/train.txt", "p0", "p1")
    listed(root / "ImageSets/Main/test.txt", "p1", "p2")
    findings = check(open_dataset(f"voc:{root}"))
    assert [(problem.kind, problem.detail) for problem in findings.problems] == [
        ("near-duplicate", "it is in train and in test")
    ]
    copy = mend(findings.dataset, tmp_path / "copy", classes=findings.classes)
    assert (copy.split("train").ids, copy.split("test").ids) == (("p0", "p1"), ("p2",))


def test_names_that_differ_in_case_and_spaces_are_one_class_and_others_are_not():
    assert respelled({"traffic light": 9, "Traffic_Light": 2, "trafficlight ": 1, "traffic lights": 4, "dog": 1}) == {
        "Traffic_Light": "traffic light",
        "trafficlight ": "traffic light",
    }


def test_findings_can_be_written_as_json(tmp_path):
    root = voc(tmp_path)
    shutil.copy(root / "JPEGImages/p0.jpg", root / "JPEGImages/p1.jpg")
    told = json.loads(json.dumps(check(open_dataset(f"voc:{root}")).to_json()))
    assert told["counts"] == {"missing-annotation": 1}
    assert told["problems"] == [
        {
            "kind": "missing-annotation",
            "wrong": True,
            "file": str(root / "JPEGImages/p1.jpg"),
            "place": "",
            "detail": "there is no Annotations/p1.xml",
        }
    ]
