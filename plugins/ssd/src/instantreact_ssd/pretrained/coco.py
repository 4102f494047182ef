"""Detectors that torchvision trained on COCO."""

from __future__ import annotations

from torchvision.models.detection import (
    SSD300_VGG16_Weights,
    SSDLite320_MobileNet_V3_Large_Weights,
)

from instantreact_sdk import ModelCard, PluginError
from instantreact_ssd.labels import COCO_90
from instantreact_ssd.pretrained.fetching import fetched
from instantreact_ssd.weights import LoadedWeights, from_torchvision_ssd
from instantreact_ssd.weights.reading import read_tensors


def coco(name: str) -> LoadedWeights:
    """A detector of COCO's 80 classes, and of ten numbers that COCO does not use.

    Args:
        name: Of the spec: ``ssd300`` or ``ssdlite320``.

    Raises:
        PluginError: There are no such weights for it, or they can be neither found nor fetched, or are damaged.
    """
    known = {"ssd300": SSD300_VGG16_Weights.COCO_V1, "ssdlite320": SSDLite320_MobileNet_V3_Large_Weights.COCO_V1}
    if name not in known:
        raise PluginError(
            f"There are no weights of ssd/{name} from COCO.",
            f"They exist for {' and '.join(f'ssd/{each}' for each in known)}.",
        )
    path = fetched(known[name].url)
    model = from_torchvision_ssd(read_tensors(path))
    card = ModelCard(
        component=f"ssd/{name}",
        weights=path,
        labels=COCO_90,
        metrics={"COCO AP": known[name].meta["_metrics"]["COCO-val2017"]["box_map"] / 100},
        settings={"architecture": model.architecture.model_dump(mode="json")},
        data={"name": "COCO 2017", "split": "train"},
    )
    return LoadedWeights(model, card)
