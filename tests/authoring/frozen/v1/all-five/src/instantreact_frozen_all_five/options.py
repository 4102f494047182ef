"""What pipeline files can set. The sentence below each option is its documentation."""

from __future__ import annotations

from pathlib import Path

from instantreact_sdk import Options, Secret
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


class FrozenAllFiveSourceOptions(Options):
    """Options of `frozen-all-five/source`."""

    path: Path
    """Folder with the pictures; a relative one starts at the pipeline file's folder."""

    fps: float = Field(1.0, gt=0, le=120)
    """Pictures a second."""


class FrozenAllFiveDetectorOptions(Options):
    """Options of `frozen-all-five/detector`."""

    colour: str = Field("red", pattern="^(" + "|".join(COLOURS) + "|#[0-9a-fA-F]{6})$")
    """Colour to look for: black, blue, green, red, white, yellow or #rrggbb."""

    tolerance: float = Field(0.2, ge=0, le=1)
    """How far red, green and blue may each be from that colour, as a fraction of their range."""

    min_area: float = Field(0.0005, gt=0, le=1)
    """Smallest area of that colour that is reported, as a fraction of the picture."""


class FrozenAllFiveCaptionerOptions(Options):
    """Options of `frozen-all-five/captioner`."""

    change: float = Field(0.1, gt=0, lt=1)
    """How much brighter or darker a spot has to become to count as moved, as a fraction of the whole range."""

    some: float = Field(0.002, gt=0, lt=1)
    """Part of the picture from which on something moves."""

    much: float = Field(0.3, gt=0, lt=1)
    """Part of the picture from which on much moves."""


class FrozenAllFiveRecognizerOptions(Options):
    """Options of `frozen-all-five/recognizer`."""

    hz: float = Field(1000.0, ge=20, le=7900)
    """Frequency of the tone."""

    level: float = Field(0.1, gt=0, le=1)
    """Amplitude from which on it counts; 1 is the loudest there is."""


class FrozenAllFiveNotifierOptions(Options):
    """Options of `frozen-all-five/notifier`."""

    url: Secret
    """Where to post to. Whoever knows it can post, so write env:NAME or file:PATH in the pipeline file."""

    timeout: float = Field(20.0, gt=0, le=300)
    """Seconds to wait for an answer."""
