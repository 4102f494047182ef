"""Lengths of time as people write them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

_FORM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?\s*")
_SECONDS = {"ms": 0.001, "s": 1.0, None: 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def seconds(text: object) -> object:
    """Seconds from ``500ms``, ``2s``, ``1.5m``, ``1h``, ``1d`` or a plain number of seconds.

    Raises:
        ValueError: The text is no length of time.
    """
    if not isinstance(text, str):
        return text
    found = _FORM.fullmatch(text)
    if not found:
        raise ValueError("a length of time is written like 500ms, 2s, 1.5m, 1h or 1d")
    return float(found[1]) * _SECONDS[found[2]]


Duration = Annotated[
    float,
    BeforeValidator(seconds),
    Field(ge=0, allow_inf_nan=False),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\d+(\.\d+)?\s*(ms|s|m|h|d)?$"}]}
    ),
]
"""A length of time in seconds; the pipeline file may say ``2s``, ``500ms``, ``1.5m``, ``1h``, ``1d``."""


def between(least: str, most: str) -> AfterValidator:
    """What a `Duration` is annotated with to keep it from one length to another, both written as in the file."""
    shortest, longest = seconds(least), seconds(most)
    assert isinstance(shortest, float)
    assert isinstance(longest, float)

    def kept(value: float) -> float:
        if not shortest <= value <= longest:
            raise ValueError(f"has to be from {least} to {most}")
        return value

    return AfterValidator(kept)
