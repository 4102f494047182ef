"""What computes, and in which precision."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

import torch

from instantreact_sdk import PluginError
from instantreact_ssd.hardware import computes_bf16
from instantreact_ssd.training.options import TrainingOptions

_LIGHTNING: dict[torch.dtype, Literal["32-true", "bf16-mixed", "16-mixed"]] = {
    torch.float32: "32-true",
    torch.bfloat16: "bf16-mixed",
    torch.float16: "16-mixed",
}


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Where and how the network is computed.

    Attributes:
        device: ``cpu`` or ``cuda``.
        dtype: Of convolutions; weights are float32 whatever it is.
    """

    device: str
    dtype: torch.dtype

    @classmethod
    def of(cls, options: TrainingOptions) -> Arithmetic:
        """What the options ask for.

        Raises:
            PluginError: The machine has no such GPUs, or its processor does not compute so.
        """
        gpus = torch.cuda.device_count()
        device = ("cuda" if gpus else "cpu") if options.device == "auto" else options.device
        if device == "cuda" and gpus < options.devices:
            raise PluginError(
                f"{options.devices} GPUs were asked for, and torch sees {gpus}.",
                "Set device and devices to what is there.",
            )
        if options.precision == "auto":
            return cls(device, torch.bfloat16 if computes_bf16(torch.device(device)) else torch.float32)
        if device == "cpu" and options.precision == "fp16":
            raise PluginError("Training in fp16 needs a GPU.", "Set precision to bf16, fp32 or auto.")
        return cls(device, {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[options.precision])

    @property
    def lightning(self) -> Literal["32-true", "bf16-mixed", "16-mixed"]:
        """Lightning's word for it."""
        return _LIGHTNING[self.dtype]

    @property
    def generators(self) -> range:
        """The GPUs whose generators of random numbers computing may change; asking those that do not compute would wake them up."""
        return range(torch.cuda.device_count() if self.device == "cuda" else 0)

    def autocast(self) -> AbstractContextManager[object]:
        """While it lasts, the network is computed so."""
        return torch.autocast(self.device, self.dtype, enabled=self.dtype is not torch.float32)
