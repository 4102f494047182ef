"""Reading weights with their card."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError
from torch import Tensor

from instantreact_sdk import ModelCard, PluginError
from instantreact_ssd.architecture import SCALES_COCO, SCALES_VOC, Architecture
from instantreact_ssd.labels import labels_of
from instantreact_ssd.network import SSD
from instantreact_ssd.weights.filling import fill
from instantreact_ssd.weights.reading import read_tensors
from instantreact_ssd.weights.ssd_pytorch import from_ssd_pytorch, is_ssd_pytorch
from instantreact_ssd.weights.torchvision_ssd import from_torchvision_ssd, is_torchvision_ssd
from instantreact_ssd.weights.values import LoadedWeights

_ARCHITECTURE = "architecture"


def load_weights(path: Path) -> LoadedWeights:
    """A trained network from disk.

    Args:
        path: A .safetensors file with its card beside it, or the folder of a training run; or a state dictionary of
            torchvision's SSD300 or SSDLite320, or of ssd.pytorch. Those need no card where their number of classes is that of
            Pascal VOC or COCO; else one with their labels.

    Raises:
        InstantReactError: It is not there, damaged, of another architecture or other labels than its card says, or the card
            is missing.
    """
    if path.is_file() and not path.with_suffix(".json").exists():
        tensors = read_tensors(path)
        model = _of_others(tensors)
        labels = labels_of(model.classes) if model else None
        if model and labels:
            component = "ssd/ssdlite320" if model.architecture.backbone == "mobilenet_v3" else "ssd/ssd300"
            settings = {_ARCHITECTURE: model.architecture.model_dump(mode="json")}
            return LoadedWeights(model.eval(), ModelCard(component, path, labels, settings=settings))
    card = ModelCard.read(path)
    tensors = read_tensors(card.weights)
    model = _of_others(tensors)
    if model:
        settings = {**card.settings, _ARCHITECTURE: model.architecture.model_dump(mode="json")}
        card = replace(card, settings=settings)
    else:
        model = _own(card, tensors)
    if len(card.labels) != model.classes:
        raise PluginError(
            f"{card.weights} tells {model.classes} classes apart, but its card names {len(card.labels)}.",
            "Put the card beside it that was written with it.",
        )
    return LoadedWeights(model.eval(), card)


def _of_others(tensors: dict[str, Tensor]) -> SSD | None:
    if is_torchvision_ssd(tensors):
        return from_torchvision_ssd(tensors)
    if is_ssd_pytorch(tensors):
        voc = tensors["conf.0.weight"].shape[0] == 4 * 21
        return from_ssd_pytorch(tensors, scales=SCALES_VOC if voc else SCALES_COCO)
    return None


def _own(card: ModelCard, tensors: dict[str, Tensor]) -> SSD:
    try:
        architecture = Architecture.model_validate(card.settings.get(_ARCHITECTURE))
    except ValidationError as error:
        raise PluginError(
            f"The card of {card.weights} does not say of what architecture they are.",
            "Put the card beside it that was written with it.",
        ) from error
    model = SSD.unfilled(architecture, _classes(architecture, tensors) or max(1, len(card.labels)))
    fill(model, tensors, str(card.weights))
    return model


def _classes(architecture: Architecture, tensors: dict[str, Tensor]) -> int:
    """How many the weights tell apart, whatever the card says; 0 where they are no such weights at all."""
    bias = tensors.get("heads.logits.0.1.bias" if architecture.backbone == "mobilenet_v3" else "heads.logits.0.bias")
    if bias is None:
        return 0
    columns = bias.numel() // architecture.priors_per_place[0]
    return max(0, columns - architecture.background)
