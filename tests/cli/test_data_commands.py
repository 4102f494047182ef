"""``instantreact-sdk data``, as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from labelled import listed, voc, voc_object, voc_xml
from PIL import Image

from instantreact_sdk.datasets import open_dataset


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from instantreact_sdk.cli import main; main()", "data", *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)


@pytest.fixture
def bad(tmp_path) -> Path:
    root = voc(tmp_path / "data", 3)
    voc_xml(root, "p1", voc_object(box=(9, 9, 9, 9)), voc_object(difficult=None), voc_object(difficult=None))
    return root


def test_check_names_every_file_and_object_and_exits_with_1(bad):
    told = run("check", bad)
    assert (told.returncode, told.stderr) == (1, "")
    assert "3 pictures, 5 objects (5 dog)" in told.stdout
    assert "Annotations/p1.xml: object 1: (9, 9, 9, 9) has no extent" in told.stdout
    assert "Annotations/p1.xml: object 2, object 3: it has no <difficult>" in told.stdout
    assert told.stdout.endswith("is not in order: 3 things are wrong.\n")


def test_check_of_what_is_in_order_exits_with_0(tmp_path):
    told = run("check", f"voc:{voc(tmp_path)}")
    assert (told.returncode, told.stdout.splitlines()[-1]) == (0, f"voc:{tmp_path} is in order.")


def test_a_mended_copy_is_in_order_and_json_tells_of_both(bad, tmp_path):
    told = run("check", bad, "--fix", tmp_path / "copy", "--json")
    assert (told.returncode, told.stderr) == (0, "")
    found = json.loads(told.stdout)
    assert found["counts"] == {"degenerate-box": 1, "missing-difficult": 2}
    assert (found["ok"], found["copy"]["ok"], found["copy"]["objects"]) == (False, True, 4)
    assert run("check", tmp_path / "copy").returncode == 0


def test_only_the_first_files_are_named_unless_all_are_asked_for(tmp_path):
    voc(tmp_path, 12, difficult=None)
    assert "and 2 more files; --all names them" in run("check", tmp_path).stdout
    assert "p9.xml" in run("check", tmp_path, "--all").stdout


def test_a_split_is_written_where_the_dataset_keeps_its_lists_and_never_over_one(tmp_path):
    root = voc(tmp_path, 10)
    told = run("split", root, "--seed", 1)
    assert (told.returncode, told.stderr) == (0, "")
    assert {name: len(open_dataset(f"voc:{root}").split(name)) for name in ("train", "val", "test")} == {
        "train": 8,
        "val": 1,
        "test": 1,
    }
    again = run("split", root)
    assert again.returncode == 2
    assert again.stderr.startswith(f"IR7011: {root / 'ImageSets/Main/train.txt'} is there already.")


def test_lists_in_another_folder_can_be_named_as_splits(tmp_path):
    root = voc(tmp_path / "data", 4)
    told = run("split", root, "--out", tmp_path / "lists", "--shares", "one=1,two=1", "--json")
    lists = json.loads(told.stdout)["lists"]
    assert len(open_dataset(f"voc:{root}").split(lists["two"])) == 2


@pytest.mark.parametrize(
    "arguments", [("--by", "moon"), ("--shares", "train"), ("--shares", "a=1,a=1"), ("--shares", "../a=1")]
)
def test_a_mistake_in_how_to_split_is_one_sentence(tmp_path, arguments):
    told = run("split", voc(tmp_path), *arguments)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("IR6003: ")
    assert "Traceback" not in told.stderr


def test_a_preview_shows_pictures_with_their_boxes(tmp_path):
    """Two pictures of 4 : 3 in squares of 360 are 360 x 270 each; with gaps of 8, 744 x 286."""
    root = voc(tmp_path / "data", 2)
    plain = tmp_path / "plain"
    for name in ("p0", "p1"):
        voc_xml(plain, name)
        (plain / "JPEGImages").mkdir(exist_ok=True)
        (plain / f"JPEGImages/{name}.jpg").write_bytes((root / f"JPEGImages/{name}.jpg").read_bytes())
    told = run("preview", root, "--out", tmp_path / "sheet.png")
    assert (told.returncode, told.stdout) == (0, f"{tmp_path / 'sheet.png'} shows 2 of 2 pictures.\n")
    run("preview", plain, "--out", tmp_path / "plain.png")
    sheet, without = (np.asarray(Image.open(tmp_path / name)) for name in ("sheet.png", "plain.png"))
    assert sheet.shape == (286, 744, 3)
    changed = np.argwhere((sheet != without).any(axis=2))
    # The dog of pixels 10 to 30, rows 12 to 40 of 64 x 48 is 50.6 to 168.8, 61.9 to 225; the sheet's gap adds 8.
    left = changed[changed[:, 1] < 376]
    assert np.abs(left.max(axis=0) - (233, 177)).max() <= 2
    assert abs(left[:, 1].min() - 59) <= 2


def test_a_preview_of_a_split_shows_it_alone(tmp_path):
    root = voc(tmp_path, 3)
    listed(root / "ImageSets/Main/val.txt", "p2")
    told = run("preview", root, "--split", "val", "--out", tmp_path / "sheet.png")
    assert told.stdout.endswith("shows 1 of 1 pictures.\n")


def test_what_names_no_dataset_is_one_sentence(tmp_path):
    told = run("check", tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("IR7001: ")
