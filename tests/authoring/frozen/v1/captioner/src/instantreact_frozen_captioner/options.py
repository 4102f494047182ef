"""What pipeline files can set. The sentence below each option is its documentation."""

from __future__ import annotations

from instantreact_sdk import Options
from pydantic import Field


class FrozenCaptionerCaptionerOptions(Options):
    """Options of `frozen-captioner/captioner`."""

    change: float = Field(0.1, gt=0, lt=1)
    """How much brighter or darker a spot has to become to count as moved, as a fraction of the whole range."""

    some: float = Field(0.002, gt=0, lt=1)
    """Part of the picture from which on something moves."""

    much: float = Field(0.3, gt=0, lt=1)
    """Part of the picture from which on much moves."""
