"""Splits that keep together what belongs together."""

from __future__ import annotations

from pathlib import PurePosixPath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled import coco, picture, voc
from PIL import Image

from instantreact_sdk import InstantReactError
from instantreact_sdk.datasets import open_dataset, split_groups
from instantreact_sdk.datasets.likeness import ALIKE, alike, groups, print_of
from instantreact_sdk.datasets.splitting import camera_of


def cameras(root, names: list[str]):
    images = []
    for number, name in enumerate(names):
        picture(root / "images" / name, seed=number)
        images.append({"id": number, "file_name": name, "width": 64, "height": 48})
    return open_dataset(f"coco:{coco(root, images, [])}")


def test_chance_meets_the_shares_and_depends_on_the_seed(tmp_path):
    dataset = open_dataset(f"voc:{voc(tmp_path, 20)}")
    parts = split_groups(dataset, seed=3)
    assert {name: len(ids) for name, ids in parts.items()} == {"train": 16, "val": 2, "test": 2}
    assert sorted(name for ids in parts.values() for name in ids) == sorted(dataset.ids)
    assert parts == split_groups(dataset, seed=3)
    assert parts != split_groups(dataset, seed=4)


def test_pictures_that_are_nearly_the_same_are_never_parted(tmp_path):
    root = voc(tmp_path, 6)
    for number in range(6):
        image = Image.open(root / f"JPEGImages/p{number}.jpg")
        image.resize((50, 40)).save(root / f"JPEGImages/q{number}.png")
        (root / f"Annotations/q{number}.xml").write_text((root / f"Annotations/p{number}.xml").read_text())
    dataset = open_dataset(f"voc:{root}")
    for seed in range(3):
        parts = split_groups(dataset, shares={"one": 0.5, "two": 0.5}, seed=seed)
        assert [len(ids) for ids in parts.values()] == [6, 6]
        for ids in parts.values():
            assert {name[1:] for name in ids if name[0] == "p"} == {name[1:] for name in ids if name[0] == "q"}


def test_folders_are_never_parted(tmp_path):
    dataset = cameras(tmp_path, [f"{folder}/{number}.jpg" for folder in "abc" for number in range(3)])
    parts = split_groups(dataset, by="folder", shares={"one": 2 / 3, "two": 1 / 3})
    assert [len(ids) for ids in parts.values()] == [6, 3]
    first, second = ({name[0] for name in ids} for ids in parts.values())
    assert not first & second


@pytest.mark.parametrize("camera", [None, r"^(\w+?)[-_]", r"gate|door"])
def test_cameras_are_never_parted(tmp_path, camera):
    names = [f"{name}_2024-05-0{day}_12-00-0{day}.jpg" for name in ("gate", "door") for day in range(1, 4)]
    parts = split_groups(cameras(tmp_path, names), by="camera", camera=camera, shares={"one": 0.5, "two": 0.5})
    assert {frozenset(name[:4] for name in ids) for ids in parts.values()} == {frozenset(["gate"]), frozenset(["door"])}


@pytest.mark.parametrize(
    ("path", "camera"),
    [
        ("lobby_2024-05-01_12-00-00.jpg", "lobby"),
        ("lobby-20240501T120000Z.jpg", "lobby"),
        ("cam1_000123.jpg", "cam1"),
        ("north.gate.0007.jpg", "north.gate"),
        ("gate/000123.jpg", "gate"),
        ("gate/cam2-1.jpg", "gate/cam2"),
        ("000123.jpg", "."),
        ("lobby.jpg", "lobby"),
    ],
)
def test_a_camera_is_what_stands_before_date_time_or_number(path, camera):
    assert camera_of(PurePosixPath(path)) == camera


@pytest.mark.parametrize(
    ("by", "camera", "problem"),
    [
        ("camera", None, "there are 3 splits to make, and 1 to share out"),
        ("folder", None, "there are 3 splits to make, and 1 to share out"),
        ("camera", "(", "is no pattern"),
        ("camera", "xyz", "'xyz' does not match"),
    ],
)
def test_what_names_do_not_tell_is_not_guessed(tmp_path, by, camera, problem):
    dataset = cameras(tmp_path, ["000001.jpg", "000002.jpg", "000003.jpg"])
    with pytest.raises(InstantReactError, match="IR7010") as refused:
        split_groups(dataset, by=by, camera=camera)
    assert problem in refused.value.what


def test_the_print_of_a_picture_survives_size_and_quality_and_tells_others_apart(tmp_path):
    prints = []
    for number in range(8):
        whole = Image.open(picture(tmp_path / f"{number}.png", (640, 480), seed=number))
        whole.resize((400, 300)).save(tmp_path / "small.jpg", quality=50)
        prints += [print_of(whole), print_of(Image.open(tmp_path / "small.jpg"))]
    assert {(one, two) for one, two, _ in alike(prints)} == {(place, place + 1) for place in range(0, 16, 2)}


@given(st.integers(0, 2**32), st.integers(0, 60))
def test_pairs_are_those_whose_prints_differ_in_few_bits(seed, count):
    chance = np.random.default_rng(seed)
    first = chance.random(256) < 0.5
    prints = [first ^ (chance.random(256) < chance.random() / 4) for _ in range(count)]
    expected = {
        (one, two, int((prints[one] != prints[two]).sum()))
        for two in range(count)
        for one in range(two)
        if (prints[one] != prints[two]).sum() <= ALIKE
    }
    assert set(alike(prints)) == expected


def test_what_is_joined_through_others_is_one_group():
    assert groups(6, iter([(4, 2), (0, 4), (5, 3)])) == [[0, 2, 4], [1], [3, 5]]
