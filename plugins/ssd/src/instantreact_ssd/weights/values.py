"""A network with its card."""

from __future__ import annotations

from dataclasses import dataclass

from instantreact_sdk import ModelCard
from instantreact_ssd.network import SSD


@dataclass(frozen=True, slots=True)
class LoadedWeights:
    """A trained network, and what is known of it.

    Attributes:
        model: On the CPU, not training.
        card: Its labels are as many as the network's classes, and in their order.
    """

    model: SSD
    card: ModelCard
