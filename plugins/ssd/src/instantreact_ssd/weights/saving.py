"""Writing weights with their card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from safetensors.torch import save

from instantreact_sdk import ModelCard, PluginError
from instantreact_ssd.network import SSD
from instantreact_ssd.whole import whole


def save_weights(
    model: SSD,
    labels: Sequence[str],
    folder: Path,
    *,
    component: str,
    metrics: Mapping[str, float] | None = None,
    settings: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    name: str = "weights",
) -> ModelCard:
    """Write ``name.safetensors``, then ``name.json``; each whole, also where the process is killed meanwhile.

    Args:
        model: On any device; not changed.
        labels: One for each of its classes.
        folder: Made if missing.
        component: The id of the spec that can use them, as ``ssd/ssd300``.
        metrics: For the card.
        settings: For the card, besides the architecture.
        data: For the card.
        name: Of both files.

    Raises:
        InstantReactError: The labels are not as many as the classes, or the files cannot be written (IR4020).
    """
    if len(labels) != model.classes:
        raise PluginError(f"{model.classes} classes cannot have {len(labels)} labels.", "Give one label a class.")
    path = folder / f"{name}.safetensors"
    # The format knows no other order in memory than the usual one; channels_last weights are brought to it.
    tensors = {key: tensor.detach().cpu().contiguous() for key, tensor in model.state_dict().items()}
    with whole(path) as file:
        file.write(save(tensors, metadata={"format": "pt"}))
    card = ModelCard(
        component=component,
        weights=path,
        labels=tuple(labels),
        metrics=dict(metrics or {}),
        settings={"architecture": model.architecture.model_dump(mode="json"), **(settings or {})},
        data=dict(data or {}),
    )
    card.write()
    return card
