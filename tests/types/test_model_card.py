"""The card beside a file of weights: what is written is read again, and what is no card is named."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from instantreact_sdk import InstantReactError, ModelCard


def card_in(folder: Path, name: str = "weights.safetensors") -> ModelCard:
    (folder / name).write_bytes(b"weights")
    return ModelCard(
        "ssd/ssd300",
        folder / name,
        ("person", "Füße"),
        {"VOC mAP": 0.5, "epoch": 3.0},
        {"min_score": 0.25, "architecture": {"classes": [1, 2]}},
        {"split": "train", "pictures": 7},
    )


def refused(path: Path) -> str:
    with pytest.raises(InstantReactError) as caught:
        ModelCard.read(path)
    return str(caught.value)


def test_what_is_written_is_read_again_by_the_weights_and_by_their_folder(tmp_path):
    card = card_in(tmp_path)
    assert card.write() == tmp_path / "weights.json"
    assert ModelCard.read(card.weights) == ModelCard.read(tmp_path) == card


def test_a_run_folder_may_be_moved(tmp_path):
    (tmp_path / "old").mkdir()
    card = card_in(tmp_path / "old")
    card.write()
    moved = (tmp_path / "old").rename(tmp_path / "new")
    assert ModelCard.read(moved) == replace(card, weights=moved / "weights.safetensors")


def test_weights_and_card_may_be_renamed(tmp_path):
    card_in(tmp_path).write()
    for name in ("weights.safetensors", "weights.json"):
        (tmp_path / name).rename(tmp_path / name.replace("weights", "night"))
    assert ModelCard.read(tmp_path / "night.safetensors").weights == tmp_path / "night.safetensors"


def test_metrics_that_are_no_number_are_left_out(tmp_path):
    card = replace(card_in(tmp_path), metrics={"loss": math.nan, "VOC mAP": 0.5})
    card.write()
    assert ModelCard.read(tmp_path).metrics == {"VOC mAP": 0.5}


def test_a_card_is_replaced_whole(tmp_path):
    card = card_in(tmp_path)
    card.write()
    replace(card, labels=("dog",)).write()
    assert ModelCard.read(tmp_path).labels == ("dog",)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["weights.json", "weights.safetensors"]


def test_fields_that_a_later_sdk_adds_are_passed_over(tmp_path):
    card = card_in(tmp_path)
    path = card.write()
    path.write_text(json.dumps(json.loads(path.read_text()) | {"mood": "good"}))
    assert ModelCard.read(tmp_path) == card


def test_the_weights_of_a_folder_are_beside_its_card_wherever_that_points(tmp_path):
    path = card_in(tmp_path).write()
    path.write_text(path.read_text().replace("weights.safetensors", "../../elsewhere/weights.safetensors"))
    assert ModelCard.read(tmp_path).weights == tmp_path / "weights.safetensors"


def test_weights_that_are_not_there_are_named(tmp_path):
    assert refused(tmp_path / "none").startswith(f"IR7012: {tmp_path / 'none'} cannot be used as weights: there is no")
    assert "the card weights.json is not there" in refused(tmp_path)
    card_in(tmp_path).write()
    (tmp_path / "weights.safetensors").unlink()
    assert "the weights weights.safetensors are not there" in refused(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"component": "a/b"}', '{"component": "a/b", "weights": "w.npz", "labels": 3}', "\xff"]
)
def test_a_file_that_is_no_card_is_named(tmp_path, text):
    card_in(tmp_path)
    (tmp_path / "weights.json").write_text(text, encoding="latin-1")
    assert refused(tmp_path).startswith(f"IR7013: {tmp_path / 'weights.json'} is no card of weights: ")
