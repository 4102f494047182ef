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
