"""What trained weights say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The JSON file beside a file of weights.

    Attributes:
        component: The id of the spec that made it, as ``ssd/ssd300``.
        weights: The file of weights.
        labels: Names of the classes, in the order of the model's outputs; empty for captioners.
        metrics: Figures by name, of the data that they were measured on.
        settings: Whatever the component needs to use the weights: normalisation, priors, vocabulary; JSON-able.
        sdk_version: Of the SDK that wrote it.
    """

    component: str
    weights: Path
    labels: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    sdk_version: str = ""
