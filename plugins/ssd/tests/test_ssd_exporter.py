"""What an exported file gives, and what it says of itself."""

from __future__ import annotations

import json
import re
import sys

import numpy as np
import onnx
import pytest
import torch
from instantreact_ssd import onnx_file
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.exporter import ExportOptions, OnnxExporter
from instantreact_ssd.finding import find
from instantreact_ssd.network import SSD
from instantreact_ssd.onnx_check import largest_difference
from instantreact_ssd.weights import save_weights
from onnx_decoder import Decoder

from instantreact_sdk import Context, ModelCard, PluginError

LABELS = ("dog", "chat noir", "鳥")


def tiny(backbone="vgg16", **changes) -> Architecture:
    sides = {"mobilenet_v3": (4, 2, 1), "vgg16": (8, 4, 2, 1)}[backbone]
    values = {
        "size": 64,
        "grids": sides,
        "steps": None,
        "scales": (0.2, 0.4, 0.6, 0.8, 0.95)[: len(sides) + 1],
        "aspect_ratios": ((2,),) * len(sides),
    }
    return Architecture(backbone=backbone, **(values | changes))


def trained(folder, architecture):
    """Weights of chance that find something: heads with opinions, and a least score that one in fifty exceeds."""
    torch.manual_seed(7)
    model = SSD(architecture, len(LABELS)).eval()
    images = photographs(4, architecture.size)
    with torch.no_grad():
        strength = 2 / model(images)[1].std()
        for parameter in model.heads.parameters():
            parameter.mul_(strength)
        scores = model.scores(model(images)[1])
    settings = {"min_score": float(scores.flatten().quantile(0.98))}
    save_weights(model, LABELS, folder, component="ssd/ssd300", metrics={"VOC mAP": 0.5}, settings=settings)
    return model, folder


def photographs(count, size):
    chance = np.random.default_rng(count)
    fields = chance.random((count, 3, 8, 8), np.float32)
    return torch.nn.functional.interpolate(torch.from_numpy(fields), size=(size, size), mode="bilinear")


def export(weights, out, **options):
    told = []
    card = OnnxExporter().export(weights, ExportOptions(**options), Context(), out, lambda *step: told.append(step))
    assert told[-1][0] == told[-1][1]
    return card


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    model, weights = trained(folder / "run", tiny())
    return model, export(weights, folder / "found" / "cells.onnx")


def test_a_decoder_that_knows_the_file_alone_finds_what_torch_finds(exported):
    model, card = exported
    decoder = Decoder(card.weights)
    images = photographs(4, 64)
    facts = decoder.facts
    with torch.inference_mode():
        offsets, logits = model(images)
        expected = find(
            offsets,
            model.scores(logits),
            model.priors,
            min_score=facts["min_score"],
            max_overlap=facts["max_overlap"],
            top_k=facts["top_k"],
        )
    given = decoder.find(images.numpy())
    assert sum(map(len, given)) > 8
    for mine, theirs in zip(given, expected, strict=True):
        assert [name for name, _, _ in mine] == [LABELS[label] for label in theirs.labels]
        np.testing.assert_allclose([score for _, score, _ in mine], theirs.scores, atol=1e-5)
        np.testing.assert_allclose([box for *_, box in mine], theirs.boxes, atol=1e-4)


def test_any_number_of_pictures_goes_in_at_once(exported):
    model, card = exported
    decoder = Decoder(card.weights)
    for count in (1, 2, 5):
        images = photographs(count, 64)
        with torch.inference_mode():
            expected = (*model(images), model.priors)
        for mine, theirs in zip(decoder.run(images.numpy()), expected, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-4)


def test_it_is_one_file_with_nothing_of_this_machine_in_it(exported):
    _, card = exported
    onnx.checker.check_model(card.weights, full_check=True)
    assert sorted(file.name for file in card.weights.parent.iterdir()) == ["cells.json", "cells.onnx"]
    content = card.weights.read_bytes()
    assert not [each for each in (b".py", b"site-packages", str(card.weights.parent).encode()) if each in content]


def test_the_file_says_what_a_decoder_has_to_know_and_its_page_names_all_of_it(exported):
    model, card = exported
    proto = onnx.load(card.weights)
    facts = {each.key: json.loads(each.value) for each in proto.metadata_props}
    assert (facts["labels"], facts["size"], facts["activation"]) == (list(LABELS), 64, "softmax")
    assert facts["min_score"] == card.settings["min_score"]
    assert facts["card"]["metrics"] == {"VOC mAP": 0.5}
    assert set(facts) == set(re.findall(r"^\| ``(\w+)`` \|", onnx_file.__doc__, re.MULTILINE))
    assert proto.doc_string == onnx_file.__doc__
    shapes = {
        each.name: [side.dim_param or side.dim_value for side in each.type.tensor_type.shape.dim]
        for each in (*proto.graph.input, *proto.graph.output)
    }
    priors = len(model.priors)
    assert shapes == {
        "images": ["batch", 3, 64, 64],
        "offsets": ["batch", priors, 4],
        "logits": ["batch", priors, 4],
        "priors": [priors, 4],
    }


def test_the_card_beside_it_is_that_of_the_weights(exported):
    _, card = exported
    assert ModelCard.read(card.weights) == card
    assert (card.labels, card.component) == (LABELS, "ssd/ssd300")


def test_another_body_without_a_class_for_background_gives_the_same_too(tmp_path):
    model = SSD(tiny("mobilenet_v3", background=False), 2).eval()
    save_weights(model, LABELS[:2], tmp_path / "run", component="ssd/ssdlite320")
    decoder = Decoder(export(tmp_path / "run", tmp_path / "x.onnx", opset=20).weights)
    assert (decoder.facts["activation"], decoder.facts["background"]) == ("sigmoid", False)
    images = photographs(2, 64)
    with torch.inference_mode():
        expected = model(images)
    for mine, theirs in zip(decoder.run(images.numpy())[:2], expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-4)


def test_what_does_not_give_the_same_is_not_written_and_the_old_file_stays(tmp_path):
    model = SSD(tiny(), 1)
    with torch.no_grad():
        for parameter in model.heads.parameters():
            parameter.fill_(1e38)  # a number, but the sum of a few is none
    save_weights(model, ["dog"], tmp_path / "run", component="ssd/ssd300")
    out = tmp_path / "dog.onnx"
    out.write_text("the old one")
    with pytest.raises(PluginError, match=r"differs from the weights by inf, and "):
        export(tmp_path / "run", out)
    assert out.read_text() == "the old one"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["dog.onnx", "run"]


def test_the_file_of_other_weights_differs_by_more_than_is_allowed(exported):
    _, card = exported
    difference, allowed = largest_difference(card.weights, SSD(tiny(), len(LABELS)).eval())
    assert allowed <= 0.01 < difference


def test_neither_weights_nor_their_card_are_replaced(tmp_path):
    save_weights(SSD(tiny(), 1), ["dog"], tmp_path, component="ssd/ssd300")
    before = (tmp_path / "weights.json").read_text()
    for name in ("weights.onnx", "weights.safetensors"):
        with pytest.raises(PluginError, match=r"take the place of .*weights\.safetensors and its card"):
            export(tmp_path, tmp_path / name)
    assert (tmp_path / "weights.json").read_text() == before


def test_what_is_not_installed_is_named_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    with pytest.raises(
        PluginError, match=r"needs onnxscript, which is not installed\. pip install 'instantreact-ssd\[export\]'"
    ):
        export(tmp_path, tmp_path / "x.onnx")
