"""What writes weights in a form that another runtime can use, for ``instantreact-sdk export``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from pydantic import BaseModel

from instantreact_sdk.types import ModelCard


class Exporter(ABC):
    """Exports the weights of one spec. Its options model is what the command line shows as flags."""

    @abstractmethod
    def export(self, weights: Path, options: BaseModel, out: Path) -> ModelCard:
        """Write `out` from `weights`, check it against them, and return its card.

        Args:
            weights: A file or run folder that the spec's trainer wrote.
            options: An instance of the exporter's options model.
            out: The file to write.

        Raises:
            InstantReactError: The exported model does not give what the weights give; `out` is not written.
        """
