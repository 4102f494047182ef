"""Torchvision's detectors with random weights, and ours with the same."""

import pytest
import torch
from instantreact_ssd.finding import find
from instantreact_ssd.weights import from_torchvision_ssd
from torch import nn
from torchvision.models.detection import ssd300_vgg16, ssdlite320_mobilenet_v3_large

from instantreact_sdk import PluginError


@torch.no_grad()
def random_detector(make, size):
    """Its averages are those of random pictures; its logits find something, and its offsets leave all boxes an area."""
    torch.manual_seed(0)
    with torch.device("meta"):  # VGG16's fully connected layers take long to fill, and are thrown away
        model = make(weights=None, weights_backbone=None, num_classes=91)
    model.to_empty(device="cpu")
    for name, tensor in model.state_dict().items():
        if tensor.dim() == 4:
            nn.init.kaiming_normal_(tensor)
        else:
            tensor.fill_(20 if "scale" in name else float(name.endswith(("weight", "running_var"))))
    norms = [layer for layer in model.modules() if isinstance(layer, nn.BatchNorm2d)]
    for layer in norms:
        layer.momentum = 1.0
    model.train(mode=bool(norms))
    pictures = model.transform(list(torch.rand(1 + bool(norms), 3, size, size)))[0].tensors
    maps = list(model.backbone(pictures).values())
    for kind, head, spread in (
        ("bbox_regression", model.head.regression_head, 1.0),
        ("cls_logits", model.head.classification_head, 2.0),
    ):
        made = model.head(maps)
        for each in head.module_list:
            last = [layer for layer in each.modules() if isinstance(layer, nn.Conv2d)][-1]
            last.weight.mul_(spread / made[kind].std())
    return model.eval()


@pytest.mark.parametrize(
    ("make", "size", "settings"),
    [
        (ssd300_vgg16, 300, {"min_score": 0.01, "max_overlap": 0.45, "top_k": 200, "candidates": 400}),
        (
            ssdlite320_mobilenet_v3_large,
            320,
            {"min_score": 0.001, "max_overlap": 0.55, "top_k": 300, "candidates": 300},
        ),
    ],
)
@torch.no_grad()
def test_ours_finds_what_torchvisions_finds(make, size, settings):
    theirs = random_detector(make, size)
    predicted = {}
    theirs.head.register_forward_hook(lambda head, given, made: predicted.update(made))
    pictures = torch.rand(1, 3, size, size)
    expected = theirs(list(pictures))
    ours = from_torchvision_ssd(theirs.state_dict())
    assert not ours.training
    assert ours.classes == 90
    offsets, logits = ours(pictures)
    assert logits.std() > 0.1
    torch.testing.assert_close(offsets, predicted["bbox_regression"], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(logits, predicted["cls_logits"], rtol=1e-4, atol=1e-4)
    for found, each in zip(find(offsets, ours.scores(logits), ours.priors, **settings), expected, strict=True):
        assert len(each["boxes"]) > 50
        assert len(each["labels"].unique()) > 1
        # Two scores that differ in the last bit alone may come in either order.
        close = (found.boxes[:, None] - each["boxes"] / size).abs().amax(dim=2) < 1e-5
        close &= (found.scores[:, None] - each["scores"]).abs() < 1e-4
        close &= found.labels[:, None] + 1 == each["labels"]
        assert close.shape[0] == close.shape[1]
        assert close.any(dim=0).all()
        assert close.any(dim=1).all()


def test_incomplete_weights_are_refused_by_the_name_of_what_is_missing():
    weights = ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=4).state_dict()
    del weights["backbone.extra.1.0.0.weight"]
    with pytest.raises(PluginError, match=r"torchvision's file has no body.extras.1.0.0.weight"):
        from_torchvision_ssd(weights)


def test_weights_of_something_else_are_refused():
    with pytest.raises(PluginError, match="no weights of an SSD of torchvision"):
        from_torchvision_ssd({"conv1.weight": torch.ones(1)})
