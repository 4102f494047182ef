"""Weights that others trained."""

from __future__ import annotations

from instantreact_ssd.pretrained.base_weights import load_base_weights
from instantreact_ssd.pretrained.coco import coco

__all__ = ["coco", "load_base_weights"]
