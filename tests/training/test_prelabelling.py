"""First labels for photographs: whose they are, where they lie, and that everyone can read them."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest
from labelled import ORIENTATION
from PIL import Image

from instantreact_sdk.datasets import check, open_dataset
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.training.prelabelling import prelabel

SQUARE = """
import numpy as np
from instantreact_sdk import Detections, Detector, Options


class SquareOptions(Options):
    least: int = 200
    '''How bright its pixels are.'''


class Square(Detector):
    labels = ("shadow", "square")
    batch_size = 2

    def __init__(self, options: SquareOptions):
        self.least = options.least

    def detect(self, frames):
        return [self.find(frame) for frame in frames]

    def find(self, frame):
        rows, columns = np.nonzero(frame.image.min(axis=2) >= self.least)
        if not len(rows):
            return Detections.empty()
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        return Detections.from_pixels([box], [0.75], [1], width=frame.width, height=frame.height)


class Remembering(Square):
    stateful = True
"""


@pytest.fixture
def square(tmp_path):
    file = tmp_path / "finds.py"
    file.write_text(SQUARE)
    return f"{file}:Square"


def drawn(path, box=None, *, size=(80, 60), orientation=None, shade=255):
    """A black picture with one square; box and size as they are stored."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    if box:
        pixels[box[1] : box[3], box[0] : box[2]] = shade
    exif = Image.Exif()
    if orientation:
        exif[ORIENTATION] = orientation
    Image.fromarray(pixels).save(path, exif=exif)
    return path


def test_what_a_detector_finds_is_read_back_where_it_was_drawn(tmp_path, square):
    drawn(tmp_path / "photos" / "one.png", (10, 20, 40, 50))
    drawn(tmp_path / "photos" / "two.png", (0, 0, 80, 60))
    drawn(tmp_path / "photos" / "three.png")
    done = prelabel(tmp_path / "photos", square, out=tmp_path / "out")
    boxes = {sample.id: sample.load()[1].boxes.tolist() for sample in open_dataset(f"voc:{tmp_path / 'out'}")}
    assert boxes == {"one": [[10, 20, 40, 50]], "two": [[0, 0, 80, 60]], "three": []}
    assert (done.classes, done.dataset.classes, done.left_out) == ({"square": 2}, ("square",), {})
    assert done.dataset.split("default").ids == ("one", "three", "two")
    found = check(done.dataset)
    assert (found.ok, found.counts) == (True, {"no-objects": 1})


def test_tools_find_the_elements_that_they_look_for(tmp_path, square):
    drawn(tmp_path / "photos" / "one.png", (10, 20, 40, 50))
    prelabel(tmp_path / "photos", square, out=tmp_path / "out")
    root = ET.parse(tmp_path / "out" / "Annotations" / "one.xml").getroot()
    said = {element.tag: element.text for element in root.iter() if not len(element)}
    assert said == {
        "folder": "JPEGImages",
        "filename": "one.png",
        "database": "photographs",
        "annotation": square,
        "image": "one.png",
        "width": "80",
        "height": "60",
        "depth": "3",
        "segmented": "0",
        "name": "square",
        "pose": "Unspecified",
        "truncated": "0",
        "difficult": "0",
        "xmin": "11",  # first and last pixel, counted from 1
        "ymin": "21",
        "xmax": "40",
        "ymax": "50",
        "score": "0.7500",
    }


def test_boxes_are_those_of_the_picture_as_people_see_it(tmp_path, square):
    photo = drawn(tmp_path / "photos" / "turned.png", (10, 20, 40, 30), orientation=6)  # to be turned right once
    done = prelabel(tmp_path / "photos", square, out=tmp_path / "out")
    image, objects = done.dataset[0].load()
    # Stored 80 x 60; upright 60 wide and 80 high: x is 60 - y, and y is x.
    assert (image.shape, objects.boxes.tolist()) == ((80, 60, 3), [[30, 10, 40, 40]])
    assert check(done.dataset).ok
    assert done.dataset[0].path.read_bytes() == photo.read_bytes()


def test_names_are_such_that_lists_and_tools_can_hold_them_and_never_the_same(tmp_path, square):
    photos = tmp_path / "photos"
    for name in (
        "a b.png",
        "a_b.png",
        "A_B.jpg",
        "cam1/0001.png",
        "cam1_0001.png",
        "鳥/日.png",
        ".hidden.png",
        ".git/x.png",
    ):
        drawn(photos / name, (10, 20, 40, 50))
    (photos / "notes.txt").write_text("no picture")
    done = prelabel(photos, square, out=tmp_path / "out")
    assert done.dataset.ids == ("A_B", "a_b_2", "a_b_3", "cam1_0001", "cam1_0001_2", "鳥_日")
    assert done.dataset.split("default").ids == done.dataset.ids
    originals = {ET.parse(file).findtext("source/image") for file in (tmp_path / "out" / "Annotations").iterdir()}
    assert originals == {"A_B.jpg", "a b.png", "a_b.png", "cam1/0001.png", "cam1_0001.png", "鳥/日.png"}


def test_a_name_that_is_as_long_as_names_can_be_is_cut(tmp_path, square):
    drawn(tmp_path / "photos" / ("\u65e5" * 83 + ".png"), (10, 20, 40, 50))
    drawn(tmp_path / "photos" / "day" / ("n" * 251 + ".png"), (10, 20, 40, 50))
    assert len(prelabel(tmp_path / "photos", square, out=tmp_path / "out").dataset) == 2


def test_what_cannot_be_read_is_left_out_and_named(tmp_path, square):
    photos = tmp_path / "photos"
    for number in range(4):
        drawn(photos / f"p{number}.png", (10, 20, 40, 50))
    (photos / "p1.png").write_bytes(b"")
    (photos / "p2.png").write_bytes((photos / "p3.png").read_bytes()[:80])
    done = prelabel(photos, square, out=tmp_path / "out")
    assert done.dataset.ids == ("p0", "p3")
    assert [path.name for path in done.left_out] == ["p1.png", "p2.png"]
    assert done.left_out[photos / "p1.png"] == "it is empty"
    assert done.to_json()["ok"] is False


def test_objects_narrower_than_two_pixels_are_left_out_for_voc_calls_them_degenerate(tmp_path, square):
    drawn(tmp_path / "photos" / "thin.png", (10, 20, 11, 50))
    drawn(tmp_path / "photos" / "two.png", (10, 20, 12, 50))
    done = prelabel(tmp_path / "photos", square, out=tmp_path / "out")
    assert [len(sample.objects()) for sample in done.dataset] == [0, 1]
    assert check(done.dataset).ok


def test_options_reach_the_detector(tmp_path, square):
    drawn(tmp_path / "photos" / "grey.png", (10, 20, 40, 50), shade=100)
    assert prelabel(tmp_path / "photos", square, out=tmp_path / "a").classes == {}
    assert prelabel(tmp_path / "photos", square, out=tmp_path / "b", options={"least": 90}).classes == {"square": 1}
    with pytest.raises(InstantReactError, match="IR7021"):
        prelabel(tmp_path / "photos", square, out=tmp_path / "c", options={"leest": 90})


@pytest.mark.parametrize("use", ["remembering", "opencv/motion"])
def test_a_detector_that_remembers_earlier_frames_is_refused(tmp_path, square, use):
    drawn(tmp_path / "photos" / "one.png")
    use = square.replace(":Square", ":Remembering") if use == "remembering" else use
    with pytest.raises(InstantReactError, match=r"IR7022: .* remembers earlier frames"):
        prelabel(tmp_path / "photos", use, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_folders_that_cannot_be_used_are_refused_before_anything_is_opened(tmp_path, square):
    photos = drawn(tmp_path / "photos" / "one.png").parent
    (tmp_path / "empty").mkdir()
    refusals = [
        (tmp_path / "nowhere", tmp_path / "out", "IR7018: .*there is no such folder"),
        (tmp_path / "empty", tmp_path / "out", "IR7018: .*no picture is in it or below it"),
        (photos, photos / "out", "IR7018: .*lies in it"),
        (photos, tmp_path, "IR7011: .* is there already"),
    ]
    for pictures, out, words in refusals:
        with pytest.raises(InstantReactError, match=words):
            prelabel(pictures, square, out=out)
    assert not (tmp_path / "out").exists()


def test_nobody_is_told_to_remove_what_was_corrected(tmp_path, square):
    photos = drawn(tmp_path / "photos" / "one.png").parent
    prelabel(photos, square, out=tmp_path / "out")
    with pytest.raises(InstantReactError, match=r"IR7015: .* `--resume` goes on with"):
        prelabel(photos, square, out=tmp_path / "out")


def test_what_is_done_is_kept_where_the_work_breaks_off_and_goes_on(tmp_path, square):
    photos, out = tmp_path / "photos", tmp_path / "out"
    for number in range(5):
        drawn(photos / f"p{number}.png", (10, 20, 40, 50))

    def dies(done: int, total: int, what: str) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prelabel(photos, square, out=out, progress=dies)
    kept = open_dataset(f"voc:{out}")
    assert (kept.ids, kept.classes) == (("p0", "p1", "p2", "p3"), ("square",))
    assert kept.split("default").ids == kept.ids
    corrected = out / "Annotations" / "p1.xml"
    corrected.write_text(corrected.read_text().replace("square", "window"))

    told: list[tuple[int, int]] = []
    done = prelabel(photos, square, out=out, resume=True, progress=lambda done, total, _: told.append((done, total)))
    assert told == [(5, 5)]
    assert done.dataset.ids == ("p0", "p1", "p2", "p3", "p4")
    assert done.classes == {"square": 4, "window": 1}
    assert check(done.dataset).ok


def test_nothing_goes_on_in_a_folder_that_is_not_of_these_photographs(tmp_path, square):
    for name in ("photos", "others"):
        drawn(tmp_path / name / "one.png", (10, 20, 40, 50))
    with pytest.raises(InstantReactError, match=r"IR7016: .* it has no prelabel.json"):
        prelabel(tmp_path / "photos", square, out=tmp_path / "out", resume=True)
    prelabel(tmp_path / "photos", square, out=tmp_path / "out")
    with pytest.raises(InstantReactError, match=r"IR7017: .*others now"):
        prelabel(tmp_path / "others", square, out=tmp_path / "out", resume=True)
    assert prelabel(tmp_path / "photos", square, out=tmp_path / "out", resume=True).classes == {"square": 1}


def test_photographs_none_of_which_can_be_read_are_all_named(tmp_path, square):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.png").write_bytes(b"")
    done = prelabel(tmp_path / "photos", square, out=tmp_path / "out")
    assert (len(done.dataset), [*done.left_out.values()]) == (0, ["it is empty"])
