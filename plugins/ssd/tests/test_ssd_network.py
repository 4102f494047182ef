from itertools import pairwise

import pytest
import torch
from instantreact_ssd.architecture import SSD300, SSD512, SSDLITE320, Architecture
from instantreact_ssd.network import SSD, freeze
from instantreact_ssd.network.batch_norm import BatchNorm
from instantreact_ssd.network.heads import Heads
from instantreact_ssd.network.l2norm import L2Norm
from torch import nn
from torch.nn.functional import normalize

from instantreact_sdk import PluginError

SMALL = {
    "vgg16": Architecture(
        size=64,
        grids=(8, 4, 2, 1),
        steps=None,
        scales=(0.1, 0.3, 0.5, 0.7, 0.9),
        aspect_ratios=((2,), (2, 3), (2,), (2,)),
    ),
    "resnet34": Architecture(
        backbone="resnet34",
        size=64,
        grids=(8, 4, 2, 1),
        steps=None,
        scales=(0.1, 0.3, 0.5, 0.7, 0.9),
        aspect_ratios=((2,), (2, 3), (2,), (2,)),
    ),
    "mobilenet_v3": Architecture(
        backbone="mobilenet_v3",
        size=64,
        grids=(4, 2, 1),
        steps=None,
        scales=(0.2, 0.5, 0.8, 1),
        aspect_ratios=((2,), (2, 3), (2,)),
    ),
}
backbones = pytest.mark.parametrize("backbone", SMALL)


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


@pytest.fixture(scope="module")
def small():
    """A trained-looking network for each backbone; tests must not change them."""
    torch.manual_seed(0)
    made = {}
    for backbone, architecture in SMALL.items():
        model = SSD(architecture, 3)
        norms = [layer for layer in model.modules() if isinstance(layer, nn.BatchNorm2d)]
        for layer in norms:
            layer.momentum = 1.0
        with torch.no_grad():
            model.train()(torch.rand(4, 3, 64, 64))  # averages of random weights, else values vanish
        made[backbone] = model.eval()
    return made


def parameters(model):
    return sum(parameter.numel() for parameter in model.parameters())


def test_ssd300_has_the_parameters_of_the_paper():
    """26,285,486 for Pascal VOC: of convolutions, in * out * kernel² + out."""
    vgg = [3, 64, 64, 128, 128, 256, 256, 256, *[512] * 6]
    count = sum(a * b * 9 + b for a, b in pairwise(vgg))
    count += 512  # scales of conv4_3
    count += 512 * 1024 * 9 + 1024 + 1024 * 1024 + 1024  # conv6, conv7
    for a, b, c in ((1024, 256, 512), (512, 128, 256), (256, 128, 256), (256, 128, 256)):
        count += a * b + b + b * c * 9 + c
    for channels, priors in zip((512, 1024, 512, 256, 256, 256), (4, 6, 6, 6, 4, 4), strict=True):
        count += priors * (4 + 21) * (channels * 9 + 1)
    assert count == 26_285_486
    assert parameters(SSD(SSD300, 20)) == count


@pytest.mark.parametrize(("architecture", "count"), [(SSD300, 35_641_826), (SSDLITE320, 3_440_060)])
def test_for_coco_it_has_the_parameters_that_torchvision_publishes(architecture, count):
    assert parameters(SSD(architecture, 90)) == count


@pytest.mark.parametrize(
    ("architecture", "priors"), [(SSD512, 24564), (SSD300.model_copy(update={"backbone": "resnet34"}), 8732)]
)
def test_predictions_are_one_for_each_prior(architecture, priors):
    with torch.device("meta"):
        picture = torch.empty(2, 3, architecture.size, architecture.size)
    model = SSD(architecture, 2).to("meta")
    offsets, logits = model(picture)
    assert model.priors.shape == (priors, 4)
    assert offsets.shape == (2, priors, 4)
    assert logits.shape == (2, priors, 3)


def test_grids_that_the_backbone_does_not_make_are_refused():
    wrong = SSD300.model_copy(update={"size": 320})
    with pytest.raises(PluginError) as caught:
        SSD(wrong, 20)
    assert "vgg16 makes maps of 40, 20, 10, 5, 3, 1 places each way of pictures of 320 pixels" in str(caught.value)
    assert "but the architecture's grids are 38, 19, 10, 5, 3, 1." in str(caught.value)


def test_pictures_that_are_too_small_for_so_many_maps_are_refused():
    with pytest.raises(
        PluginError, match="Pictures of 64 pixels are too small for vgg16 with grids of 38, 19, 10, 5, 3, 1"
    ):
        SSD(SSD300.model_copy(update={"size": 64}), 20)


def test_a_detector_of_nothing_is_refused():
    with pytest.raises(PluginError, match="at least one class"):
        SSD(SMALL["mobilenet_v3"], 0)


def test_predictions_come_map_by_map_row_by_row_and_prior_by_prior():
    """The first column of each prior says where it stands: 100 * map + 10 * y + x, and the second which it is."""
    maps = [torch.zeros(1, 1, 2, 2), torch.zeros(1, 1, 1, 1)]
    for number, each in enumerate(maps):
        for y in range(each.shape[2]):
            for x in range(each.shape[3]):
                each[0, 0, y, x] = 100 * number + 10 * y + x

    def copying(channels, out):
        layer = nn.Conv2d(channels, out, 1)
        nn.init.zeros_(layer.weight)
        with torch.no_grad():
            columns = 4 if out in (8, 4) else 3
            layer.weight[::columns] = 1
            layer.bias[:] = torch.arange(out) // columns
            layer.bias[::columns] = 0
        return layer

    offsets, logits = Heads((1, 1), (2, 1), 3, copying, rare=False)(maps)
    places = [0, 0, 1, 1, 10, 10, 11, 11, 100]
    priors = [0, 1, 0, 1, 0, 1, 0, 1, 0]
    for rows in (offsets, logits):
        assert rows[0, :, 0].tolist() == places
        assert rows[0, :, 1].tolist() == priors


@backbones
def test_scores_leave_the_background_out(backbone, small):
    logits = torch.tensor([[[1.0, 2.0, 3.0, 4.0]]])
    e = torch.tensor([1.0, 2.0, 3.0, 4.0]).exp()
    torch.testing.assert_close(small[backbone].scores(logits)[0, 0], e[1:] / e.sum())
    assert small[backbone].scores(logits.bfloat16()).dtype == torch.float32


@backbones
def test_without_background_each_class_is_a_sigmoid_that_begins_at_one_in_a_hundred(backbone):
    """Lin et al. 2017, section 3.3; features of an untrained network are around zero, so that the bias decides."""
    model = SSD(SMALL[backbone].model_copy(update={"background": False}), 3).eval()
    assert model(torch.rand(1, 3, 64, 64))[1].shape[2] == 3
    for head in model.heads.logits:
        bias = [layer for layer in head.modules() if isinstance(layer, nn.Conv2d)][-1].bias
        torch.testing.assert_close(model.scores(bias), torch.full_like(bias, 0.01))


@backbones
def test_a_black_picture_gives_finite_predictions_and_gradients(backbone):
    model = SSD(SMALL[backbone].model_copy(update={"mean": (0, 0, 0)}), 3).train()
    offsets, logits = model(torch.zeros(2, 3, 64, 64))
    (offsets.square().sum() + logits.logsumexp(dim=-1).sum()).backward()
    assert all(parameter.grad.isfinite().all() for parameter in model.parameters())


def test_features_of_zero_have_a_gradient():
    features = torch.zeros(1, 512, 1, 1, requires_grad=True)
    L2Norm(512)(features).sum().backward()
    assert features.grad.isfinite().all()


def test_features_are_brought_to_length_20():
    features = torch.randn(2, 512, 3, 3)
    made = L2Norm(512)(features)
    torch.testing.assert_close(made, 20 * normalize(features))
    torch.testing.assert_close(made.norm(dim=1), torch.full((2, 3, 3), 20.0))


@backbones
@torch.no_grad()
def test_a_picture_gives_the_same_alone_and_in_a_batch(backbone, small):
    pictures = torch.rand(3, 3, 64, 64)
    together = small[backbone](pictures)
    for number in range(3):
        for alone, all_of_them in zip(small[backbone](pictures[number : number + 1]), together, strict=True):
            assert (alone[0] - all_of_them[number]).abs().max() < 1e-3 * all_of_them.std()


@backbones
@torch.no_grad()
def test_the_order_of_memory_changes_nothing(backbone, small):
    pictures = torch.rand(2, 3, 64, 64)
    usual = small[backbone](pictures)
    model = SSD(SMALL[backbone], 3).eval()
    model.load_state_dict(small[backbone].state_dict())
    model = model.to(memory_format=torch.channels_last)
    for a, b in zip(usual, model(pictures.to(memory_format=torch.channels_last)), strict=True):
        assert (a - b).abs().max() < 1e-3 * a.std()


@backbones
@torch.no_grad()
def test_bfloat16_gives_about_the_same(backbone, small):
    pictures = torch.rand(2, 3, 64, 64)
    exact = small[backbone](pictures)
    with torch.autocast("cpu", torch.bfloat16):
        coarse = small[backbone](pictures)
    for a, b in zip(exact, coarse, strict=True):
        assert b.dtype == torch.bfloat16
        assert (a - b).abs().mean() < 0.15 * a.std()  # 8 bits a number, through up to 50 layers


@torch.no_grad()
def test_pictures_are_normalised_inside(small):
    plain = SMALL["vgg16"].model_copy(update={"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)})
    model = SSD(plain, 3).eval()
    model.load_state_dict(small["vgg16"].state_dict())
    picture = torch.rand(1, 3, 64, 64)
    mean, std = torch.tensor((0.485, 0.456, 0.406))[:, None, None], torch.tensor((0.229, 0.224, 0.225))[:, None, None]
    for a, b in zip(small["vgg16"](picture), model((picture - mean) / std), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)


@backbones
def test_what_follows_from_the_architecture_is_not_among_the_weights(backbone, small):
    assert {name.split(".")[0] for name in small[backbone].state_dict()} == {"body", "heads"}


@backbones
def test_frozen_stages_do_not_learn(backbone):
    model = SSD(SMALL[backbone], 3)
    own = [[tensor for layer in stage for tensor in layer.state_dict().values()] for stage in model.body.stages()]
    assert sum(map(len, own)) == sum(
        len(layer.state_dict())
        for name, layer in model.body.named_children()
        if name not in ("norm", "conv6", "conv7", "extras")
    )
    freeze(model, 2)
    model.train()
    before = [[tensor.clone() for tensor in stage] for stage in own]
    optimizer = torch.optim.SGD([each for each in model.parameters() if each.requires_grad], lr=0.1)
    sum(each.square().mean() for each in model(torch.rand(2, 3, 64, 64))).backward()
    optimizer.step()
    changed = [any(not a.equal(b) for a, b in zip(*pair, strict=True)) for pair in zip(before, own, strict=True)]
    assert changed == [number >= 2 for number in range(len(own))]
    freeze(model, 0)
    assert all(parameter.requires_grad for parameter in model.parameters())
    assert all(layer.training for layer in model.modules() if isinstance(layer, nn.BatchNorm2d))


def test_more_stages_than_there_are_cannot_be_frozen(small):
    with pytest.raises(PluginError, match="6 stages cannot be frozen: vgg16 has 5"):
        freeze(small["vgg16"], 6)


def test_a_single_value_is_normalised_by_the_averages_so_far():
    """1 of mean 3 and variance 4 (and eps 0): -1."""
    norm = BatchNorm(1, eps=0).train()
    norm.running_mean[:], norm.running_var[:] = 3, 4
    assert norm(torch.ones(1, 1, 1, 1)).item() == -1
    assert (norm.running_mean.item(), norm.running_var.item()) == (3, 4)


@pytest.mark.parametrize("backbone", ["resnet34", "mobilenet_v3"])
def test_a_batch_of_one_picture_can_be_trained_with(backbone):
    offsets, logits = SSD(SMALL[backbone], 3).train()(torch.rand(1, 3, 64, 64))
    (offsets.sum() + logits.sum()).backward()
