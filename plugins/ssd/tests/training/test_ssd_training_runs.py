import csv
from pathlib import Path

import pytest
import torch
from drawn_cells import TINY, drawn, trained
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.network import SSD
from instantreact_ssd.trainer import SSD300Trainer
from instantreact_ssd.training.options import TrainingOptions300
from labelled import voc_object, voc_xml

from instantreact_sdk import Context, Dataset, ModelCard, PluginError, open_dataset


def _rows(out: Path) -> list[dict[str, str]]:
    with (out / "metrics.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_handful_of_pictures_is_learned_by_heart_on_imagenets_weights(tmp_path, shared_data):
    weights = shared_data / "weights/vgg16_features_torchvision_layout.npz"
    few = drawn(tmp_path / "data", 6)
    often = Dataset(few.form, ids=few.ids * 10)
    trainer, out = SSD300Trainer(), tmp_path / "run"
    trainer.architecture = Architecture(
        size=64, grids=(8, 4, 2, 1), steps=None, scales=(0.2, 0.4, 0.6, 0.8, 1.0), aspect_ratios=((2,),) * 4
    )
    options = TrainingOptions300(
        epochs=2,
        validate_every=2,
        batch_size=6,
        learning_rate=0.003,
        augment=False,
        warm_up=2,
        base_weights=str(weights),
    )
    card = trainer.train(often, few, options, Context(), out, lambda *_: None)
    assert card.metrics["VOC mAP"] > 0.9


def test_a_run_leaves_weights_with_a_card_and_what_shows_how_it_went(tmp_path):
    data, out = drawn(tmp_path / "data", 8, empty=2), tmp_path / "run"
    told = []
    card = trained(data[:6], data[6:], out, lambda *news: told.append(news), epochs=2, batch_size=3)
    assert card == ModelCard.read(out)
    assert card.labels == ("blue", "red")
    assert card.settings["architecture"] == TINY.model_dump(mode="json")
    assert 0 < card.settings.get("min_score", 0.5) < 1
    assert set(card.metrics) == {"VOC mAP", "VOC mAP 11-point", "epoch"}
    assert (card.data["pictures"], card.data["validation_pictures"]) == (6, 2)
    assert [news[:2] for news in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert told[-1][2].startswith("epoch 2 of 2, loss ")
    assert {path.name for path in out.iterdir()} == {
        "weights.safetensors", "weights.json", "last.ckpt", "metrics.csv", "curves.png", "samples.png", "tensorboard",
    }  # fmt: skip
    rows = _rows(out)
    assert [float(row["loss"]) for row in rows] == pytest.approx(
        [float(row["localization"]) + float(row["classification"]) for row in rows], rel=1e-6
    )


@pytest.mark.parametrize("shown", ["no picture", "a difficult object"])
def test_without_anything_to_be_found_the_last_weights_are_kept_and_that_is_said(tmp_path, caplog, shown):
    data, out = drawn(tmp_path / "data", 4), tmp_path / "run"
    voc_xml(tmp_path / "data", "p0", voc_object("blue", difficult=1), size=(80, 80))
    card = trained(data[1:], data[: 0 if shown == "no picture" else 1], out, epochs=2)
    assert card.metrics == {"epoch": 2}
    assert "the last weights are kept" in caplog.text
    assert [row["voc_map"] for row in _rows(out)] == ["", ""]


def test_the_same_seed_gives_the_same_weights_and_the_global_generator_is_left_alone(tmp_path):
    data = drawn(tmp_path / "data", 4)
    torch.manual_seed(5)
    before = torch.get_rng_state()
    trained(data, data[:0], tmp_path / "one", epochs=1)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(6)
    trained(data, data[:0], tmp_path / "two", epochs=1)
    one, two = ((tmp_path / run / "weights.safetensors").read_bytes() for run in ("one", "two"))
    assert one == two


def test_pictures_without_objects_can_fill_a_whole_batch(tmp_path):
    data = drawn(tmp_path / "data", 4, empty=3)
    trained(data[:3], data[:0], tmp_path / "run", epochs=1, batch_size=3)
    (row,) = _rows(tmp_path / "run")
    assert float(row["localization"]) == 0
    assert float(row["classification"]) > 0


def test_training_ends_once_the_precision_has_long_been_better(tmp_path):
    data, out = drawn(tmp_path / "data", 4), tmp_path / "run"
    # So small that the precision stays what it is: the first epoch is the best.
    trained(data, data, out, epochs=9, patience=2, learning_rate=1e-12)
    assert len(_rows(out)) == 3
    assert ModelCard.read(out).metrics["epoch"] == 1


def test_frozen_stages_keep_their_weights(tmp_path):
    data, out = drawn(tmp_path / "data", 4), tmp_path / "run"
    trained(data, data[:0], out, epochs=1, freeze=2)
    weights = torch.load(out / "last.ckpt", weights_only=True)
    trained(data, data[:0], out, epochs=2, freeze=2)
    later = torch.load(out / "last.ckpt", weights_only=True)
    same = {name for name, tensor in weights["network"].items() if torch.equal(tensor, later["network"][name])}
    network = SSD(TINY, 2)
    stages = network.body.stages()
    kept = {
        id(tensor) for stage in stages[:2] for layer in stage for tensor in layer.state_dict(keep_vars=True).values()
    }
    frozen = {name for name, tensor in network.state_dict(keep_vars=True).items() if id(tensor) in kept}
    assert frozen
    assert frozen <= same
    assert {name for name in same - frozen if name.endswith("running_mean")} == set()


def test_a_loss_that_is_not_finite_names_the_pictures_and_leaves_the_epoch_before(tmp_path):
    data, out = drawn(tmp_path / "data", 4), tmp_path / "run"
    trained(data, data[:0], out, epochs=1)
    state = torch.load(out / "last.ckpt", weights_only=True)
    state["network"]["heads.offsets.0.1.bias"].fill_(float("nan"))
    torch.save(state, out / "last.ckpt")
    kept = (out / "last.ckpt").read_bytes()
    with pytest.raises(
        PluginError, match=r"The loss is nan at step 2, in a batch of the pictures p\d, p\d, p\d, p\d\."
    ):
        trained(data, data[:0], out, epochs=2)
    assert (out / "last.ckpt").read_bytes() == kept
    assert len(_rows(out)) == 1


def test_a_detector_goes_on_from_the_weights_of_another_run(tmp_path):
    data = drawn(tmp_path / "data", 4)
    trained(data, data[:0], tmp_path / "first", epochs=1)
    card = trained(data, data[:0], tmp_path / "second", epochs=1, init=str(tmp_path / "first"))
    assert card.labels == ("blue", "red")
    with pytest.raises(PluginError, match="are of scales"):
        trained(data, data[:0], tmp_path / "third", init=str(tmp_path / "first"), scales=(0.1, 0.2, 0.3, 0.4))


def test_focal_loss_has_no_class_for_the_background(tmp_path):
    data = drawn(tmp_path / "data", 4)
    card = trained(data, data[:0], tmp_path / "run", epochs=1, loss="focal")
    assert card.settings["architecture"]["background"] is False


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"batch_size": 3, "devices": 2}, "3 pictures a step cannot be shared evenly by 2 devices"),
        ({"freeze": 9}, "9 stages cannot be frozen"),
        ({"scales": (0.1, 0.2)}, "The priors cannot be made so"),
        ({"precision": "fp16", "device": "cpu"}, "fp16 needs a GPU"),
        ({"init": "nowhere"}, "nowhere"),
    ],
)
def test_options_that_cannot_work_are_refused_in_a_sentence(tmp_path, options, sentence):
    data = drawn(tmp_path / "data", 2)
    with pytest.raises(Exception, match=sentence) as refused:
        trained(data, data, tmp_path / "run", **options)
    assert type(refused.value).__module__.startswith("instantreact_sdk.errors")


def test_a_picture_of_an_unknown_class_is_named(tmp_path):
    data = drawn(tmp_path / "data", 2)
    blue = Dataset(data.form, classes=["blue"], ids=["p0"])
    with pytest.raises(PluginError, match="'red'"):
        trained(blue, open_dataset(f"voc:{tmp_path / 'data'}"), tmp_path / "run", epochs=1)


def test_two_processes_share_each_step_in_the_order_of_one(tmp_path):
    data, out = drawn(tmp_path / "data", 8), tmp_path / "run"
    told = []
    trained(data, data[:3], out, lambda *news: told.append(news[:2]), epochs=1, devices=2)
    assert told == [(1, 2), (2, 2)]
    assert _rows(out)[0]["voc_map"]
