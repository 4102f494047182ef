"""`instantreact_sdk.export`."""

from __future__ import annotations

import pytest

from instantreact_sdk import InstantReactError, export, train

SPOTS = "colours/spots"


def refused(*arguments: object, **settings: object) -> str:
    with pytest.raises(InstantReactError) as caught:
        export(*arguments, **settings)
    return str(caught.value)


def test_weights_are_written_as_their_exporter_does(data, tmp_path):
    train(SPOTS, str(data), out=tmp_path / "run", options={"epochs": 1})
    card = export(SPOTS, tmp_path / "run", out=tmp_path / "colours.txt", options={"digits": 0})
    assert card.weights == tmp_path / "colours.txt"
    assert card.labels == ("blue", "red")
    assert card.weights.read_text() == "0 0 251\n251 0 0\n"  # 255 * (1 - 1 / 2**6)


def test_what_cannot_be_exported_is_told(data, tmp_path):
    assert refused("colours/plain", "x", out="y").startswith("IR7014: colours/plain has no exporter.")
    assert refused(SPOTS, tmp_path / "none", out="y").startswith("IR7012")
    assert refused(SPOTS, tmp_path, out=tmp_path).startswith(f"IR4020: {tmp_path} could not be written: it is a folder")
    assert "digits has to be a valid integer" in refused(SPOTS, data, out="y", options={"digits": "many"})


def test_weights_and_their_card_are_never_written_over(data, tmp_path):
    run = tmp_path / "run"
    weights = train(SPOTS, str(data), out=run, options={"epochs": 1}).weights
    before = {path: path.read_bytes() for path in run.iterdir()}
    for given, out in ((run, weights), (weights, weights), (run, run / "weights.txt"), (weights, run / "weights.json")):
        assert refused(SPOTS, given, out=out).startswith(f"IR7018: {out} cannot be used for the exported file")
    assert {path: path.read_bytes() for path in run.iterdir()} == before


def test_the_folder_of_the_file_is_made_and_tried_before_the_work(data, tmp_path):
    train(SPOTS, str(data), out=tmp_path / "run", options={"epochs": 1})
    assert export(SPOTS, tmp_path / "run", out=tmp_path / "new" / "colours.txt").weights.is_file()
    (tmp_path / "file").touch()
    assert refused(SPOTS, tmp_path / "run", out=tmp_path / "file" / "colours.txt").startswith("IR4020")
