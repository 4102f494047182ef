"""From labelled pictures to figures and a file for others, as `instantreact-sdk train`, `evaluate` and `export` go."""

from __future__ import annotations

import json
import shutil
import threading

import pytest
from drawn_cells import TINY, drawn
from instantreact_ssd.trainer import SSDLite320Trainer

from instantreact_sdk import InstantReactError, ModelCard, evaluate, export, train

ID = "ssd/ssdlite320"
OPTIONS = {"epochs": 2, "batch_size": 4, "base_weights": "none", "precision": "fp32", "workers": 0}


@pytest.fixture(autouse=True)
def tiny(monkeypatch, own_home, known_plugins):
    shutil.copytree(known_plugins, own_home, dirs_exist_ok=True)  # to probe them takes longer than all the rest
    monkeypatch.setattr(SSDLite320Trainer, "architecture", TINY)


def test_what_was_trained_can_be_evaluated_and_exported(tmp_path):
    drawn(tmp_path / "data", pictures=10)
    address, run = f"voc:{tmp_path / 'data'}", tmp_path / "run"
    card = train(ID, address, out=run, options=OPTIONS)
    assert (card.component, card.labels) == (ID, ("blue", "red"))
    assert card.data["name"] == address
    assert (card.data["split"], card.data["pictures"]) == ("train", 8)

    found = evaluate(ID, address, split="all", options={"weights": str(run)}, out=tmp_path / "out", write_card=True)
    assert len(found.truth) == 10
    assert (found.options["min_score"], found.options["top_k"]) == (0.01, 200)
    assert json.loads((tmp_path / "out" / "evaluation.json").read_text())["component"] == ID
    assert ModelCard.read(run).settings.get("min_score") == found.min_score

    exported = export(ID, run, out=tmp_path / "tiny.onnx")
    assert exported.weights == tmp_path / "tiny.onnx"


def test_what_was_stopped_goes_on_by_its_folder(tmp_path):
    drawn(tmp_path / "data", pictures=10)
    stop = threading.Event()

    def stop_at_work(done: int, total: int, what: str) -> None:
        if what != "looking at the data" and done >= total // 2:
            stop.set()

    run = tmp_path / "run"
    with pytest.raises(InstantReactError, match="IR7020"):
        train(ID, f"voc:{tmp_path / 'data'}", out=run, options=OPTIONS, progress=stop_at_work, stop=stop)
    card = train(out=run, resume=True)
    assert card == ModelCard.read(run)
