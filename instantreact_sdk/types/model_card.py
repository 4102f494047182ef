"""What trained weights say of themselves."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.version import __version__

_NAME = "weights"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The JSON file beside a file of weights: ``weights.json`` of ``weights.safetensors``.

    Attributes:
        component: The id of the spec that made it, as ``ssd/ssd300``.
        weights: The file of weights.
        labels: Names of the classes, in the order of the model's outputs; empty for captioners.
        metrics: Figures by name, of the data that they were measured on.
        settings: Whatever the component needs to use the weights: normalisation, priors, vocabulary; JSON-able.
        data: What it was trained on: name, split, how many pictures, a fingerprint; JSON-able.
        sdk_version: Of the SDK that wrote it.
    """

    component: str
    weights: Path
    labels: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    sdk_version: str = __version__

    def to_json(self) -> dict[str, Any]:
        """As JSON-able values. Metrics that are no finite number are left out: JSON knows none."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        values["weights"] = self.weights.name  # a folder may be moved, and read from elsewhere
        values["metrics"] = {name: float(value) for name, value in self.metrics.items() if math.isfinite(value)}
        return values

    def write(self) -> Path:
        """Write the card beside the weights, all at once: who reads meanwhile reads the old one, or the new one.

        Returns:
            The card's file.

        Raises:
            InstantReactError: IR4020, it cannot be written.
        """
        text = json.dumps(self.to_json(), indent=2, ensure_ascii=False, allow_nan=False)
        path = self.weights.with_suffix(".json")
        half = path.with_name(f"{path.name}.part")
        try:
            half.write_text(text + "\n", encoding="utf-8")
            half.replace(path)
        except OSError as error:
            raise InstantReactError("IR4020", path=path, problem=error.strerror or error) from error
        return path

    @classmethod
    def read(cls, path: Path) -> ModelCard:
        """The card of a file of weights, or of the weights in the folder of a training run.

        Args:
            path: The file of weights, or a folder that holds ``weights.safetensors`` and ``weights.json``, or others of that name.

        Raises:
            InstantReactError: IR7012, the weights or their card are not there; IR7013, the card cannot be read.
        """
        from pydantic import TypeAdapter, ValidationError

        if not path.exists():
            raise InstantReactError("IR7012", path=path, problem="there is no such file or folder")
        card = path / f"{_NAME}.json" if path.is_dir() else path.with_suffix(".json")
        if not card.is_file():
            raise InstantReactError("IR7012", path=path, problem=f"the card {card.name} is not there")
        try:
            found = TypeAdapter(cls).validate_json(card.read_bytes())
        except OSError as error:
            raise InstantReactError("IR7013", path=card, problem=error.strerror or error) from error
        except ValidationError as error:
            raise InstantReactError("IR7013", path=card, problem=_first(error)) from error
        weights = card.with_name(found.weights.name) if path.is_dir() or path == card else path
        if not weights.is_file():
            raise InstantReactError("IR7012", path=path, problem=f"the weights {weights.name} are not there")
        values = {each.name: getattr(found, each.name) for each in fields(found)}
        return cls(**(values | {"weights": weights}))


def _first(error: Any) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, problem["loc"]))
    return f"{place}: {problem['msg']}" if place else str(problem["msg"])
