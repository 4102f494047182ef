"""How far predictions are from what is really in the pictures, as a number to be made smaller."""

from __future__ import annotations

from instantreact_ssd.loss.focal import FocalLoss
from instantreact_ssd.loss.losses import Losses
from instantreact_ssd.loss.matching import match
from instantreact_ssd.loss.multibox import MultiBoxLoss
from instantreact_ssd.loss.targets import Target

__all__ = ["FocalLoss", "Losses", "MultiBoxLoss", "Target", "match"]
