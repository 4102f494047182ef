"""What pipeline files can set. The sentence below each option is its documentation."""

from __future__ import annotations

from instantreact_sdk import Options
from pydantic import Field

COLOURS = {
    "black": "#202020",
    "blue": "#3050c8",
    "green": "#30a040",
    "red": "#c83232",
    "white": "#e6e6e6",
    "yellow": "#e6c832",
}
"""Colours as cameras see them, not as screens show them."""


class FrozenDetectorDetectorOptions(Options):
    """Options of `frozen-detector/detector`."""

    colour: str = Field("red", pattern="^(" + "|".join(COLOURS) + "|#[0-9a-fA-F]{6})$")
    """Colour to look for: black, blue, green, red, white, yellow or #rrggbb."""

    tolerance: float = Field(0.2, ge=0, le=1)
    """How far red, green and blue may each be from that colour, as a fraction of their range."""

    min_area: float = Field(0.0005, gt=0, le=1)
    """Smallest area of that colour that is reported, as a fraction of the picture."""
