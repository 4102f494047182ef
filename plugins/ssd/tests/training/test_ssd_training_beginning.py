import pytest
import torch
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.network import SSD, frozen
from instantreact_ssd.training.beginning import begin
from instantreact_ssd.training.options import TrainingOptions
from safetensors.torch import save_file

VGG = Architecture(size=64, grids=(8, 4, 2), steps=None, scales=(0.2, 0.4, 0.6, 0.8), aspect_ratios=((2,),) * 3)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((0,), 0),  # half a stage
        ((0, 2), 1),
        ((0, 2, 5, 7), 2),
        ((0, 2, 5, 7, 10, 12, 14), 2),
        ((5, 7), 0),  # what comes before it has to learn
    ],
)
def test_of_the_first_two_stages_those_are_frozen_whose_weights_were_there(tmp_path, given, expected):
    own = SSD.unfilled(VGG, 1).body.state_dict()
    names = [f"features.{number}.{kind}" for number in given for kind in ("weight", "bias")]
    save_file({name: torch.zeros(own[name].shape) for name in names}, tmp_path / "part.safetensors")
    options = TrainingOptions(base_weights="part.safetensors")
    assert frozen(begin("ssd300", VGG, options, ["cell"], tmp_path)) == expected
    assert frozen(begin("ssd300", VGG, options.model_copy(update={"freeze": 3}), ["cell"], tmp_path)) == 3


def test_nothing_is_frozen_of_what_chance_made():
    assert frozen(begin("ssd300", VGG, TrainingOptions(base_weights="none"), ["cell"])) == 0
