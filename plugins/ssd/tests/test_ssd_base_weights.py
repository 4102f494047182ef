import re

import numpy as np
import pytest
import torch
from instantreact_ssd.architecture import SSD300, SSDLITE320, Architecture
from instantreact_ssd.network import SSD
from instantreact_ssd.pretrained import load_base_weights
from instantreact_ssd.pretrained.decimation import convolutional
from safetensors.torch import save_file
from torch import nn
from torchvision.models import mobilenet_v3_large, resnet34, vgg16

from instantreact_sdk import PluginError

_SMALL = {"size": 64, "steps": None, "aspect_ratios": ((2,), (2,), (2,)), "scales": (0.2, 0.4, 0.6, 0.8)}
VGG = Architecture(grids=(8, 4, 2), **_SMALL)
RESNET = Architecture(backbone="resnet34", grids=(8, 4, 2), **_SMALL)
MOBILENET = Architecture(backbone="mobilenet_v3", grids=(4, 2, 1), **_SMALL)


def test_vgg16_begins_with_the_real_convolutions(shared_data):
    path = shared_data / "weights/vgg16_features_torchvision_layout.npz"
    model = SSD(VGG, 2)
    fresh = model.body.conv6.weight.clone()
    loaded = load_base_weights(model, path)
    assert len(loaded) == 2 * 13
    with np.load(path) as arrays:
        for name in loaded:
            np.testing.assert_array_equal(model.body.state_dict()[name].numpy(), arrays[name])
    assert model.body.conv6.weight.equal(fresh)  # no fc6 in the file


def numbers(*shape):
    """Quickly made, of half the precision: there are 120 million."""
    count = int(np.prod(shape))
    bits = np.frombuffer(np.random.default_rng(0).bytes(2 * count), np.int16) & 0x3BFF  # 0 to 1
    return torch.from_numpy(bits).view(torch.float16).view(shape)


def test_fully_connected_layers_become_convolutions():
    """Every fourth of the 4096 channels, every third of the 7 x 7 places; the 512 channels of pool5 all stay."""
    fc6, fc7, biases = numbers(4096, 512 * 7 * 7), numbers(4096, 4096), numbers(2, 4096)
    made = convolutional(
        {
            "classifier.0.weight": fc6,
            "classifier.0.bias": biases[0],
            "classifier.3.weight": fc7,
            "classifier.3.bias": biases[1],
        },
        "here",
    )
    assert {name: tuple(tensor.shape) for name, tensor in made.items()} == {
        "conv6.weight": (1024, 512, 3, 3),
        "conv6.bias": (1024,),
        "conv7.weight": (1024, 1024, 1, 1),
        "conv7.bias": (1024,),
    }
    for out in (0, 1, 500, 1023):
        expected = torch.empty(512, 3, 3, dtype=torch.float16)
        for channel in range(512):
            for y in range(3):
                for x in range(3):
                    expected[channel, y, x] = fc6[4 * out, channel * 49 + 3 * y * 7 + 3 * x]
        assert made["conv6.weight"][out].equal(expected)
        assert made["conv6.bias"][out] == biases[0, 4 * out]
        for channel in range(1024):
            assert made["conv7.weight"][out, channel, 0, 0] == fc7[4 * out, 4 * channel]
        assert made["conv7.bias"][out] == biases[1, 4 * out]


@torch.no_grad()
def test_vgg16_begins_with_all_its_layers(tmp_path):
    """Names and shapes of torchvision's; equal rows of the large ones, so that the file is small."""
    with torch.device("meta"):
        shapes = {name: tensor.shape for name, tensor in vgg16().state_dict().items()}
    weights = {
        name: torch.rand(shape[1:]).expand(shape) if name.startswith("classifier") else torch.rand(shape)
        for name, shape in shapes.items()
    }
    torch.save(weights, tmp_path / "vgg16.pth")
    model = SSD(VGG, 2)
    loaded = load_base_weights(model, tmp_path / "vgg16.pth")
    assert len(loaded) == 2 * 15
    for number in (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28):
        assert model.body.features[number].weight.equal(weights[f"features.{number}.weight"])
    assert model.body.conv6.weight[7].equal(weights["classifier.0.weight"][0].view(512, 7, 7)[:, ::3, ::3])
    assert model.body.conv7.weight[7, :, 0, 0].equal(weights["classifier.3.weight"][0, ::4])


def test_fully_connected_layers_of_another_size_are_refused():
    other = {"classifier.0.weight": torch.ones(8, 8), "classifier.0.bias": torch.ones(8)}
    with pytest.raises(PluginError, match=r"other\.pth has no VGG16: its classifier\.0 is of another size"):
        convolutional(other, "other.pth")


@torch.no_grad()
def test_resnet34_begins_with_all_its_layers(tmp_path):
    theirs = resnet34().eval()
    torch.save(theirs.state_dict(), tmp_path / "resnet34.pth")
    model = SSD(RESNET, 2).eval()
    loaded = load_base_weights(model, tmp_path / "resnet34.pth")
    assert set(loaded) == {name for name in theirs.state_dict() if not name.startswith("fc.")}
    pictures = torch.rand(1, 3, 64, 64)
    stem = nn.Sequential(
        theirs.conv1, theirs.bn1, theirs.relu, theirs.maxpool, theirs.layer1, theirs.layer2, theirs.layer3
    )
    torch.testing.assert_close(model.body(pictures)[1], stem(pictures))


@torch.no_grad()
def test_mobilenet_begins_with_the_layers_before_its_halved_end(tmp_path):
    theirs = mobilenet_v3_large().eval()
    torch.save(theirs.state_dict(), tmp_path / "mobilenet.pth")
    architecture = MOBILENET.model_copy(update={"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)})
    model = SSD(architecture, 2).eval()
    before = model.body.features[16].state_dict()["0.weight"].clone()
    loaded = load_base_weights(model, tmp_path / "mobilenet.pth")
    shapes = model.body.state_dict()
    fitting = {
        name for name, tensor in theirs.state_dict().items() if name in shapes and shapes[name].shape == tensor.shape
    }
    assert {name for name in fitting if not re.match(r"features\.1[3456]\.", name)} < set(loaded) <= fitting
    assert model.body.features[16].state_dict()["0.weight"].equal(before)
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            assert layer.eps == 0.001  # as theirs
    pictures = torch.rand(1, 3, 64, 64)
    first = nn.Sequential(*theirs.features[:13], theirs.features[13].block[0])
    torch.testing.assert_close(model.body(pictures)[0], first(pictures))


@pytest.mark.parametrize("architecture", [VGG, RESNET, MOBILENET])
@torch.no_grad()
def test_the_first_layer_sees_what_it_saw_on_imagenet_whatever_the_normalisation(tmp_path, architecture):
    """Away from the edges, as padding is zero after each normalisation."""
    plain = SSD(architecture.model_copy(update={"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}), 2).eval()
    for layer in plain.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.running_mean.normal_()
            layer.running_var.uniform_(0.5, 2)
    torch.save(plain.body.state_dict(), tmp_path / "base.pt")
    own = {"mean": (0.5, 0.4, 0.3), "std": (0.5, 0.25, 1 / 255)}
    other = SSD(architecture.model_copy(update=own), 2).eval()
    load_base_weights(other, tmp_path / "base.pt")
    seen = []
    for model in (plain, other):
        leaves = [layer for layer in model.body.modules() if not list(layer.children())]
        handle = leaves[2].register_forward_hook(lambda layer, given, made: seen.append(given[0].clone()))
        model(torch.full((1, 3, 64, 64), 0.7) + torch.linspace(-0.2, 0.2, 64))
        handle.remove()
    torch.testing.assert_close(seen[0][..., 5:-5, 5:-5], seen[1][..., 5:-5, 5:-5], rtol=1e-3, atol=1e-3)


def test_weights_of_another_backbone_are_refused(tmp_path):
    torch.save(resnet34().state_dict(), tmp_path / "resnet34.pth")
    with pytest.raises(PluginError, match=r"resnet34\.pth has no layer of torchvision's vgg16"):
        load_base_weights(SSD(VGG, 2), tmp_path / "resnet34.pth")


def test_layers_of_another_size_are_refused(tmp_path):
    save_file({"features.0.weight": torch.ones(32, 3, 3, 3)}, tmp_path / "narrow.safetensors")
    with pytest.raises(
        PluginError, match=r"has 32 x 3 x 3 x 3 numbers in features\.0\.weight, but vgg16 64 x 3 x 3 x 3"
    ):
        load_base_weights(SSD(VGG, 2), tmp_path / "narrow.safetensors")


def test_the_reference_has_the_normalisation_of_base_weights():
    assert (SSD300.mean, SSD300.std) == ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    assert SSDLITE320.mean == (0.5, 0.5, 0.5)
