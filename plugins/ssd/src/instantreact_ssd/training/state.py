"""Where a training stands between two epochs, on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import torch

from instantreact_sdk import PluginError
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.network import SSD, freeze, frozen
from instantreact_ssd.training.history import Epoch
from instantreact_ssd.weights.filling import fill
from instantreact_ssd.whole import whole

FILE = "last.ckpt"
"""Its name in the folder of a run."""

_LONG = 60


@dataclass(frozen=True, slots=True)
class State:
    """All that an epoch takes over from the one before; nothing else may have a say in it, or runs could not be taken up.

    Attributes:
        settings: What must not change in a run: most options, the classes, the pictures.
        rate: The learning rate at the schedule's height.
        step: How many were taken.
        architecture: Of the network, as JSON has it.
        frozen: How many of the first stages of its backbone do not learn.
        network: ``state_dict`` of what learns.
        average: ``state_dict`` of its average.
        optimizer: ``state_dict`` of the descent; empty before the first step.
        scaling: Of losses in fp16; empty otherwise.
        history: The finished epochs.
    """

    settings: dict[str, Any]
    rate: float
    step: int
    architecture: dict[str, Any]
    frozen: int
    network: dict[str, Any]
    average: dict[str, Any]
    optimizer: dict[str, Any]
    scaling: dict[str, Any]
    history: Sequence[Epoch]

    @classmethod
    def of(
        cls,
        network: SSD,
        *,
        settings: dict[str, Any],
        rate: float,
        average: SSD | None = None,
        step: int = 0,
        optimizer: dict[str, Any] | None = None,
        scaling: dict[str, Any] | None = None,
        history: Sequence[Epoch] = (),
    ) -> Self:
        """That of these networks; of a training that has not begun yet, where nothing else is said."""
        return cls(
            settings=settings,
            rate=rate,
            step=step,
            architecture=network.architecture.model_dump(mode="json"),
            frozen=frozen(network),
            network=network.state_dict(),
            average=(average or network).state_dict(),
            optimizer=optimizer or {},
            scaling=scaling or {},
            history=history,
        )

    def rebuilt(self) -> SSD:
        """The network that learns; nothing but this state is needed for it."""
        network = SSD.unfilled(Architecture.model_validate(self.architecture), len(self.settings["labels"]))
        fill(network, self.network, FILE)
        freeze(network, self.frozen)
        return network

    def write(self, out: Path) -> None:
        """Write it into the folder of a run, in the place of an older one."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["history"] = [epoch.plain() for epoch in self.history]
        with whole(out / FILE) as file:
            torch.save(values, file)

    @classmethod
    def read(cls, out: Path) -> Self | None:
        """What is in the folder of a run; None where it was not begun.

        Raises:
            PluginError: It cannot be read.
        """
        path = out / FILE
        try:
            values = torch.load(path, map_location="cpu", weights_only=True)
            history = [Epoch(**row) for row in values.pop("history")]
            return cls(**values, history=history)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise PluginError(
                f"{path} cannot be read: {error.strerror or error}.", "See that it can, and go on with it then."
            ) from error
        except Exception as error:  # what is damaged can fail anywhere
            raise PluginError(
                f"{path} is not the state of a training, or it is damaged.",
                "Remove it to begin the run anew.",
            ) from error

    def fits(self, settings: dict[str, Any], out: Path) -> None:
        """Make sure that a run is taken up as it was begun.

        Raises:
            PluginError: Something is set otherwise now.
        """
        for name, value in settings.items():
            if self.settings.get(name) != value:
                raise PluginError(
                    f"The run in {out} was begun with {name} {_short(self.settings.get(name))}, and is now given {_short(value)}.",
                    "Take it up with the same, or train into another folder.",
                )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]}..."
