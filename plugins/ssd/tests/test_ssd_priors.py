import numpy as np
import pytest
import torch
from instantreact_ssd.architecture import SCALES_VOC, SSD300, SSD512, SSDLITE320, Architecture
from instantreact_ssd.priors import make_priors
from pydantic import ValidationError
from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from torchvision.models.detection.image_list import ImageList


@pytest.mark.parametrize(
    ("file", "architecture"),
    [
        ("ssd300_voc_priors_ssdpytorch.npy", SSD300.model_copy(update={"scales": SCALES_VOC})),
        ("ssd300_coco_priors_ssdpytorch.npy", SSD300),
    ],
)
def test_the_priors_of_ssd300_are_those_of_earlier_implementations(shared_data, file, architecture):
    expected = np.load(shared_data / "metrics/ssd300_priors" / file)
    assert expected.shape == (8732, 4)
    np.testing.assert_allclose(make_priors(architecture).numpy(), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(("architecture", "count"), [(SSD300, 8732), (SSD512, 24564), (SSDLITE320, 3234)])
@pytest.mark.parametrize("clip", ["sides", "none"])
def test_the_priors_are_torchvisions(architecture, count, clip):
    """Its boxes are in pixels, by their edges."""
    theirs = DefaultBoxGenerator(
        [list(ratios) for ratios in architecture.aspect_ratios],
        scales=list(architecture.scales),
        steps=list(architecture.steps) if architecture.steps else None,
        clip=clip == "sides",
    )
    size = architecture.size
    image = ImageList(torch.zeros(1, 3, size, size), [(size, size)])
    (edges,) = theirs(image, [torch.zeros(1, 1, grid, grid) for grid in architecture.grids])
    ours = make_priors(architecture.model_copy(update={"clip_priors": clip}))
    assert ours.shape == (count, 4)
    theirs_by_centre = torch.cat([(edges[:, :2] + edges[:, 2:]) / 2, edges[:, 2:] - edges[:, :2]], dim=1) / size
    torch.testing.assert_close(ours, theirs_by_centre, rtol=0, atol=1e-6)


def test_parts_that_do_not_fit_each_other_are_refused():
    with pytest.raises(ValueError, match="6 grids need as many aspect_ratios and steps, and one scale more"):
        Architecture(scales=(0.1, 0.2))


@pytest.mark.parametrize(
    "wrong",
    [
        {"std": (0.2, 0, 0.2)},
        {"mean": (0.5, float("nan"), 0.5)},
        {"steps": (8, 16, 32, 64, 0, 300)},
        {"grids": (38, 19, 10, 5, 3, 0)},
        {"scales": (0, *SCALES_VOC[1:])},
        {"scales": (*SCALES_VOC[:-1], float("inf"))},
        {"aspect_ratios": ((2,), (2, -3), (2, 3), (2, 3), (2,), (2,))},
    ],
)
def test_an_architecture_of_nothing_or_without_end_is_refused(wrong):
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        Architecture(**wrong)
