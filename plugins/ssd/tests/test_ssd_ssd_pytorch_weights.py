"""The network of ssd.pytorch, written out plainly, and ours with the same random weights."""

import pytest
import torch
from instantreact_ssd.architecture import SCALES_VOC, SSD300
from instantreact_ssd.priors import make_priors
from instantreact_ssd.weights import from_ssd_pytorch
from torch.nn.functional import conv2d, max_pool2d

from instantreact_sdk import PluginError

VGG = [64, 64, "M", 128, 128, "M", 256, 256, 256, "C", 512, 512, 512, "M", 512, 512, 512]
EXTRAS = [
    (1024, 256, 1),
    (256, 512, 3),
    (512, 128, 1),
    (128, 256, 3),
    (256, 128, 1),
    (128, 256, 3),
    (256, 128, 1),
    (128, 256, 3),
]
HEADS = [(512, 4), (1024, 6), (512, 6), (256, 6), (256, 4), (256, 4)]


def random_weights(classes):
    weights = {}

    def convolution(name, channels, out, kernel):
        weights[f"{name}.weight"] = torch.randn(out, channels, kernel, kernel) * (2 / (channels * kernel**2)) ** 0.5
        weights[f"{name}.bias"] = torch.randn(out) * 0.1

    channels, index = 3, 0
    for out in VGG:
        if isinstance(out, str):
            index += 1
            continue
        convolution(f"vgg.{index}", channels, out, 3)
        channels, index = out, index + 2
    convolution("vgg.31", 512, 1024, 3)
    convolution("vgg.33", 1024, 1024, 1)
    for number, (before, after, kernel) in enumerate(EXTRAS):
        convolution(f"extras.{number}", before, after, kernel)
    for number, (before, priors) in enumerate(HEADS):
        convolution(f"loc.{number}", before, 4 * priors, 3)
        convolution(f"conf.{number}", before, classes * priors, 3)
    weights["L2Norm.weight"] = torch.rand(512) * 20
    return weights


def plain_ssd_pytorch(weights, pictures, classes):
    """Blue, green, red in 0..255 less the mean."""

    def convolution(name, features, **how):
        return conv2d(features, weights[f"{name}.weight"], weights[f"{name}.bias"], **how)

    features = pictures
    index, maps = 0, []
    for out in VGG:
        if isinstance(out, str):
            features = max_pool2d(features, 2, stride=2, ceil_mode=out == "C")
            index += 1
            continue
        features = convolution(f"vgg.{index}", features, padding=1).relu()
        if index == 21:
            length = features.pow(2).sum(dim=1, keepdim=True).sqrt() + 1e-10
            maps.append(weights["L2Norm.weight"][None, :, None, None] * features / length)
        index += 2
    features = max_pool2d(features, 3, stride=1, padding=1)
    features = convolution("vgg.31", features, padding=6, dilation=6).relu()
    features = convolution("vgg.33", features).relu()
    maps.append(features)
    for number in range(len(EXTRAS)):
        how = {1: {"stride": 2, "padding": 1}, 3: {"stride": 2, "padding": 1}}.get(number, {})
        features = convolution(f"extras.{number}", features, **how).relu()
        if number % 2:
            maps.append(features)
    made = []
    for kind, columns in (("loc", 4), ("conf", classes)):
        rows = [convolution(f"{kind}.{n}", each, padding=1).permute(0, 2, 3, 1) for n, each in enumerate(maps)]
        made.append(torch.cat([row.reshape(len(pictures), -1) for row in rows], dim=1).view(len(pictures), -1, columns))
    return made


@torch.no_grad()
def test_ours_predicts_what_ssd_pytorch_predicts():
    torch.manual_seed(0)
    weights = random_weights(classes=21)
    red_green_blue = torch.randint(0, 256, (1, 3, 300, 300)).float()
    blue_green_red = red_green_blue[:, [2, 1, 0]] - torch.tensor((104.0, 117.0, 123.0))[:, None, None]
    expected = plain_ssd_pytorch(weights, blue_green_red, 21)
    model = from_ssd_pytorch(weights)
    assert model.classes == 20
    assert model.priors.equal(make_priors(SSD300.model_copy(update={"scales": SCALES_VOC, "clip_priors": "all"})))
    for ours, theirs in zip(model(red_green_blue / 255), expected, strict=True):
        assert theirs.std() > 0.1
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4 * float(theirs.abs().max()))


def test_weights_of_something_else_are_no_ssd_pytorchs():
    with pytest.raises(PluginError, match=r"no weights of ssd\.pytorch"):
        from_ssd_pytorch({"features.0.weight": torch.ones(1)})
