"""A training as a value that can be handed to the processes that do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from instantreact_sdk import Dataset, Objects
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.training.arithmetic import Arithmetic
from instantreact_ssd.training.options import TrainingOptions


@dataclass(frozen=True, slots=True)
class Job:
    """What is trained, on what, and how.

    Attributes:
        component: The id of the spec, as ``ssd/ssd300``.
        architecture: Of the network; its weights are in the folder of the run (`State`), where each process finds them.
        labels: Of the classes.
        train: Pictures to learn from.
        validation: Pictures to measure by; may be empty.
        truth: What is in those, by `labels`.
        options: How.
        arithmetic: Where.
        settings: What must not change when the run is taken up again.
        out: The folder of the run.
        data: What the card says of the pictures.
    """

    component: str
    architecture: Architecture
    labels: tuple[str, ...]
    train: Dataset
    validation: Dataset
    truth: Sequence[Objects]
    options: TrainingOptions
    arithmetic: Arithmetic
    settings: dict[str, Any]
    out: Path
    data: dict[str, Any]

    @property
    def measured(self) -> bool:
        """Whether there is anything to measure by: an object that has to be found."""
        return any((~(objects.difficult | objects.crowd)).any() for objects in self.truth)

    @property
    def batch(self) -> int:
        """Pictures a step on one device: no more than it has."""
        return min(self.options.batch_size // self.options.devices, self._share)

    @property
    def steps(self) -> int:
        """Of an epoch."""
        return self._share // self.batch

    @property
    def _share(self) -> int:
        return -(-len(self.train) // self.options.devices)
