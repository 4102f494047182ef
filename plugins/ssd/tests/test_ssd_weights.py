import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from instantreact_ssd.architecture import SCALES_COCO, Architecture
from instantreact_ssd.labels import COCO_80, COCO_90, VOC, labels_of
from instantreact_ssd.network import SSD
from instantreact_ssd.pretrained import coco
from instantreact_ssd.pretrained.fetching import fetched
from instantreact_ssd.weights import load_weights, replace_head, save_weights
from safetensors.torch import load_file, save_file
from torch import nn
from torchvision.models.detection import SSDLite320_MobileNet_V3_Large_Weights, ssdlite320_mobilenet_v3_large

from instantreact_sdk import InstantReactError, ModelCard, PluginError
from instantreact_sdk.testing import Answer, HttpFake

SMALL = Architecture(
    backbone="mobilenet_v3",
    size=64,
    grids=(4, 2, 1),
    steps=None,
    scales=(0.2, 0.5, 0.8, 1),
    aspect_ratios=((2,), (2, 3), (2,)),
)
DIGEST = "9a129038"
LABELS = ("person", "dog", "bicycle")


@pytest.fixture(autouse=True)
def _seeded(tmp_path, monkeypatch):
    torch.manual_seed(0)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))


@pytest.fixture
def saved(tmp_path):
    """A folder of a run."""
    model = SSD(SMALL, 3).eval()
    save_weights(
        model,
        LABELS,
        tmp_path / "run",
        component="ssd/ssdlite320",
        metrics={"VOC mAP": 0.5},
        settings={"min_score": 0.3},
        data={"pictures": 7},
    )
    return tmp_path / "run", model


def rewritten(folder, change):
    path = folder / "weights.safetensors"
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)


def card_with(folder, **changes):
    path = folder / "weights.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def sentence(path):
    with pytest.raises(InstantReactError) as caught:
        load_weights(path)
    text = str(caught.value)
    assert "\n" not in text
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize("path", ["", "weights.safetensors"])
@torch.no_grad()
def test_weights_come_back_as_they_were_saved(saved, path):
    folder, model = saved
    loaded = load_weights(folder / path)
    assert loaded.model.architecture == SMALL
    assert not loaded.model.training
    for name, tensor in model.state_dict().items():
        assert loaded.model.state_dict()[name].equal(tensor)
    assert loaded.card.component == "ssd/ssdlite320"
    assert loaded.card.labels == LABELS
    assert loaded.card.metrics == {"VOC mAP": 0.5}
    assert loaded.card.settings["min_score"] == 0.3
    assert loaded.card.data == {"pictures": 7}
    assert loaded.card.weights == folder / "weights.safetensors"


def test_the_order_of_memory_is_not_saved(saved, tmp_path):
    _, model = saved
    card = save_weights(
        model.to(memory_format=torch.channels_last), LABELS, tmp_path, component="ssd/ssdlite320", name="other"
    )
    assert card.weights == tmp_path / "other.safetensors"
    assert load_weights(card.weights).card.labels == LABELS
    assert sorted(each.name for each in tmp_path.glob("other*")) == ["other.json", "other.safetensors"]


def test_as_many_labels_as_classes_are_saved(tmp_path):
    with pytest.raises(PluginError, match="3 classes cannot have 1 labels"):
        save_weights(SSD(SMALL, 3), ("person",), tmp_path, component="ssd/ssdlite320")


def test_reading_weights_draws_no_random_numbers_and_they_learn_as_those_that_were_made(saved):
    folder, model = saved
    before = torch.get_rng_state()
    loaded = load_weights(folder).model
    assert torch.equal(torch.get_rng_state(), before)
    assert {each.device.type for each in (*loaded.parameters(), *loaded.buffers())} == {"cpu"}
    assert [each.requires_grad for each in loaded.parameters()] == [each.requires_grad for each in model.parameters()]
    for name, buffer in model.named_buffers():  # priors and normalisation among them, which no file has
        assert torch.equal(loaded.get_buffer(name), buffer)


def test_weights_that_cannot_be_written_are_an_error_of_their_own(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InstantReactError) as caught:
        save_weights(SSD(SMALL, 3), LABELS, tmp_path / "file", component="ssd/ssdlite320")
    assert caught.value.code == "IR4020"


# What may be wrong with a file of weights.


def test_a_truncated_file_is_damaged(saved):
    path = saved[0] / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])
    assert "weights.safetensors is damaged, or no file of weights." in sentence(path)


@pytest.mark.parametrize("suffix", [".pth", ".pt", ".npz", ".safetensors"])
@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04" + b"\0" * 100, b"\x80\x02.", b"not weights at all, but text", b"\xff" * 64]
)
def test_rubbish_is_no_weights(tmp_path, suffix, content):
    path = tmp_path / f"weights{suffix}"
    path.write_bytes(content)
    assert f"{path} " in sentence(path)


def test_a_truncated_state_dict_is_damaged(tmp_path):
    path = tmp_path / "weights.pth"
    torch.save({"conv.weight": torch.rand(1000)}, path)
    path.write_bytes(path.read_bytes()[:-500])
    assert "is damaged" in sentence(path)


class Harmful:
    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return (Path.touch, (self.trace,))


@pytest.mark.parametrize("save", [torch.save, lambda it, path: path.write_bytes(pickle.dumps(it))])
def test_a_pickle_is_not_run(tmp_path, save):
    trace = tmp_path / "trace"
    path = tmp_path / "weights.pth"
    save({"conv.weight": Harmful(trace)}, path)
    assert "holds Python objects, which could run anything" in sentence(path)
    assert not trace.exists()


def test_pickled_arrays_are_not_run(tmp_path):
    trace = tmp_path / "trace"
    np.savez(tmp_path / "weights.npz", weight=np.array([Harmful(trace)], dtype=object))
    assert "is damaged, or no file of weights" in sentence(tmp_path / "weights.npz")
    assert not trace.exists()


def test_a_whole_network_is_not_unpickled(tmp_path):
    torch.save(nn.Conv2d(1, 1, 1), tmp_path / "weights.pth")
    assert "Save the network's state_dict alone" in sentence(tmp_path / "weights.pth")


def test_numbers_without_names_are_no_weights(tmp_path):
    torch.save([torch.ones(1)], tmp_path / "weights.pth")
    assert "holds no weights by name" in sentence(tmp_path / "weights.pth")


def test_weights_without_their_card_are_refused(saved):
    (saved[0] / "weights.json").unlink()
    assert "the card weights.json is not there" in sentence(saved[0])
    assert "the card weights.json is not there" in sentence(saved[0] / "weights.safetensors")


def test_other_labels_than_classes_are_refused(saved):
    card_with(saved[0], labels=["person"])
    assert "weights.safetensors tells 3 classes apart, but its card names 1." in sentence(saved[0])


def test_another_architecture_than_the_cards_is_refused(saved):
    card_with(
        saved[0],
        settings={"architecture": SMALL.model_copy(update={"backbone": "resnet34", "grids": (8, 4, 2)}).model_dump()},
    )
    assert "weights.safetensors has no body.conv1.weight, which this network needs." in sentence(saved[0])
    card_with(
        saved[0], settings={"architecture": SMALL.model_copy(update={"aspect_ratios": ((2,), (2,), (2,))}).model_dump()}
    )
    assert "numbers in heads." in sentence(saved[0])


@pytest.mark.parametrize("settings", [{}, {"architecture": {"backbone": "vgg99"}}, {"architecture": [1]}])
def test_a_card_without_an_architecture_is_refused(saved, settings):
    card_with(saved[0], settings=settings)
    assert "weights.safetensors does not say of what architecture they are." in sentence(saved[0])


def test_weights_of_a_failed_training_are_refused(saved):
    rewritten(saved[0], lambda tensors: tensors["heads.logits.0.1.bias"].fill_(float("nan")))
    assert "numbers that are not finite, in heads.logits.0.1.bias" in sentence(saved[0])


def test_weights_that_are_too_many_are_refused(saved):
    rewritten(saved[0], lambda tensors: tensors.update(more=torch.ones(1)))
    assert "weights.safetensors has more, which this network does not." in sentence(saved[0])


def test_an_empty_folder_and_a_missing_file_are_refused(tmp_path):
    assert "is not there" in sentence(tmp_path)
    assert "there is no such file" in sentence(tmp_path / "none.safetensors")


# What others wrote.


@pytest.fixture(scope="module")
def of_torchvision():
    return ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=91).eval().state_dict()


def test_a_state_dict_of_torchvision_needs_no_card_for_coco(tmp_path, of_torchvision):
    torch.save({"model": of_torchvision, "epoch": 3}, tmp_path / "theirs.pth")
    loaded = load_weights(tmp_path / "theirs.pth")
    assert loaded.card.component == "ssd/ssdlite320"
    assert loaded.card.labels == COCO_90
    assert loaded.card.settings["architecture"]["clip_priors"] == "sides"


def test_with_other_classes_it_needs_a_card_with_their_names(tmp_path):
    theirs = ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=4)
    path = tmp_path / "theirs.pth"
    torch.save({f"module.{name}": tensor for name, tensor in theirs.state_dict().items()}, path)
    assert "the card theirs.json is not there" in sentence(path)
    ModelCard("ssd/ssdlite320", path, LABELS).write()
    loaded = load_weights(path)
    assert loaded.card.labels == LABELS
    assert loaded.model.classes == 3
    assert loaded.card.settings["architecture"]["backbone"] == "mobilenet_v3"


def test_labels_of_public_data():
    """COCO numbers its 80 classes up to 90; 12 is one of the ten that it does not use."""
    theirs = SSDLite320_MobileNet_V3_Large_Weights.COCO_V1.meta["categories"][1:]
    assert [name.partition(" ")[0] if name.startswith("N/A") else name for name in COCO_90] == theirs
    assert len(set(COCO_90)) == 90
    assert COCO_90[11] == "N/A 12"
    assert labels_of(20) == VOC == tuple(sorted(VOC))
    assert labels_of(80) == COCO_80
    assert labels_of(7) is None


def test_weights_of_coco_are_taken_from_where_torch_keeps_them(tmp_path, of_torchvision):
    name = SSDLite320_MobileNet_V3_Large_Weights.COCO_V1.url.rpartition("/")[2]
    folder = tmp_path / "torch/hub/checkpoints"
    folder.mkdir(parents=True)
    torch.save(of_torchvision, folder / name)
    loaded = coco("ssdlite320")
    assert loaded.card.weights == folder / name
    assert loaded.card.labels[0] == "person"
    assert loaded.card.metrics == {"COCO AP": pytest.approx(0.213)}


def test_there_are_no_weights_of_coco_for_ssd512():
    with pytest.raises(PluginError, match="There are no weights of ssd/ssd512 from COCO"):
        coco("ssd512")


def test_a_file_is_fetched_once(tmp_path):
    """The SHA-256 of "weights" begins with 9a129038."""
    with HttpFake(lambda request: Answer(body=b"weights")) as server:
        for _ in range(2):
            path = fetched(f"{server.url}/small-{DIGEST}.pth")
        assert len(server.requests) == 1
    assert path == tmp_path / f"torch/hub/checkpoints/small-{DIGEST}.pth"
    assert path.read_bytes() == b"weights"


def test_a_file_with_another_checksum_is_not_kept(tmp_path):
    with (
        HttpFake(lambda request: Answer(body=b"wei")) as server,
        pytest.raises(PluginError, match=f"is not small-{DIGEST}.pth: its checksum differs"),
    ):
        fetched(f"{server.url}/small-{DIGEST}.pth")
    assert not list((tmp_path / "torch/hub/checkpoints").iterdir())


def test_a_file_that_cannot_be_fetched_may_be_put_there(tmp_path):
    with HttpFake(lambda request: Answer(body=b"")) as server:
        url = f"{server.url}/small-{DIGEST}.pth"
    with pytest.raises(PluginError) as caught:
        fetched(url)
    folder = tmp_path / "torch/hub/checkpoints"
    assert f"small-{DIGEST}.pth is not in {folder}, and could not be fetched from {url}" in str(caught.value)
    assert f"put it there as small-{DIGEST}.pth" in str(caught.value)
    assert not list(folder.iterdir())


# New classes for a trained network.


@torch.no_grad()
def test_a_new_head_keeps_the_body_and_what_labels_have_in_common(saved):
    """Old columns: background, person, dog, bicycle. New ones: background, cat, bicycle, person, horse."""
    loaded = load_weights(saved[0])
    changed = replace_head(loaded, ("cat", "bicycle", "person", "horse"))
    assert changed.card.labels == ("cat", "bicycle", "person", "horse")
    assert (changed.card.metrics, changed.card.data) == ({}, {})
    assert "min_score" not in changed.card.settings
    assert loaded.card.settings["min_score"] == 0.3
    pictures = torch.rand(1, 3, 64, 64)
    (offsets, logits), (new_offsets, new_logits) = loaded.model(pictures), changed.model(pictures)
    assert new_offsets.equal(offsets)
    torch.testing.assert_close(new_logits[..., [0, 2, 3]], logits[..., [0, 3, 1]])
    assert not torch.isclose(new_logits[..., 1:2], logits[..., 1:], rtol=0, atol=0).all()


@torch.no_grad()
def test_a_head_without_background_begins_anew(saved):
    changed = replace_head(load_weights(saved[0]), LABELS, background=False)
    assert not changed.model.architecture.background
    assert not changed.card.settings["architecture"]["background"]
    pictures = torch.rand(1, 3, 64, 64)
    offsets, logits = changed.model(pictures)
    assert logits.shape[2] == 3
    assert offsets.equal(load_weights(saved[0]).model(pictures)[0])


def test_priors_and_normalisation_come_from_the_card(saved):
    card_with(
        saved[0],
        settings={"architecture": SMALL.model_copy(update={"scales": SCALES_COCO[:4]}).model_dump(mode="json")},
    )
    priors = load_weights(saved[0]).model.priors
    assert priors[0, 2].item() == pytest.approx(0.07)
