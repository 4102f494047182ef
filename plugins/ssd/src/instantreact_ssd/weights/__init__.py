"""Weights on disk: reading and writing them, with the card that says what they are."""

from __future__ import annotations

from instantreact_ssd.weights.heads import replace_head
from instantreact_ssd.weights.loading import load_weights
from instantreact_ssd.weights.saving import save_weights
from instantreact_ssd.weights.ssd_pytorch import from_ssd_pytorch
from instantreact_ssd.weights.torchvision_ssd import from_torchvision_ssd
from instantreact_ssd.weights.values import LoadedWeights

__all__ = ["LoadedWeights", "from_ssd_pytorch", "from_torchvision_ssd", "load_weights", "replace_head", "save_weights"]
