"""What writes weights in a form that another runtime can use, for ``instantreact-sdk export``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from instantreact_sdk.interfaces.component import NoOptions, Options
from instantreact_sdk.interfaces.context import Context
from instantreact_sdk.interfaces.trainer import Progress
from instantreact_sdk.types import ModelCard


class Exporter(ABC):
    """Exports the weights of one spec. Made without arguments.

    Its module should import what is heavy inside of functions: ``--help`` waits for it.

    Attributes:
        options: The model of its options; the command line shows them as flags.
    """

    options: type[Options] = NoOptions

    @abstractmethod
    def export(self, weights: Path, options: Options, context: Context, out: Path, progress: Progress) -> ModelCard:
        """Write `out` from `weights`, check it against them, and return its card.

        Args:
            weights: A file or run folder that the spec's trainer wrote.
            options: An instance of `Exporter.options`.
            context: As for a component.
            out: The file to write.
            progress: Tells how far it is.

        Raises:
            InstantReactError: The exported model does not give what the weights give; `out` is not written.
        """
