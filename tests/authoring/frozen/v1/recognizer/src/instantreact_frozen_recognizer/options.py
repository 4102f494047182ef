"""What pipeline files can set. The sentence below each option is its documentation."""

from __future__ import annotations

from instantreact_sdk import Options
from pydantic import Field


class FrozenRecognizerRecognizerOptions(Options):
    """Options of `frozen-recognizer/recognizer`."""

    hz: float = Field(1000.0, ge=20, le=7900)
    """Frequency of the tone."""

    level: float = Field(0.1, gt=0, le=1)
    """Amplitude from which on it counts; 1 is the loudest there is."""
