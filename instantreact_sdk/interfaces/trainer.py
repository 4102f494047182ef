"""What trains weights on a user's own data, for ``instantreact-sdk train``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from instantreact_sdk.interfaces.component import NoOptions, Options
from instantreact_sdk.interfaces.context import Context
from instantreact_sdk.types import ModelCard

Progress = Callable[[int, int, str], None]
"""``progress(done, total, what)``: how far the work is, in steps, and one line on what it is at."""


class Trainer(ABC):
    """Trains the weights of one spec. Made without arguments.

    Its module should import what is heavy inside of functions: ``--help`` waits for it.

    Attributes:
        options: The model of its options; the command line shows them as flags.
        may_change: Names of the options that may be others when an interrupted run is taken up again, as they change how far
            or how fast it goes, and not where to.
    """

    options: type[Options] = NoOptions
    may_change: frozenset[str] = frozenset({"epochs"})

    @abstractmethod
    def train(
        self,
        train: Sequence[Any],
        validation: Sequence[Any],
        options: Options,
        context: Context,
        out: Path,
        progress: Progress,
    ) -> ModelCard:
        """Train, and write weights and card below `out`.

        Args:
            train: Samples to learn from; of the type that the component's kind works on. For detectors an
                `instantreact_sdk.Dataset`, whose ``classes`` are the labels.
            validation: Likewise, to choose the best weights by; may be empty. Its classes are those of `train`.
            options: An instance of `Trainer.options`.
            context: As for a component; training ends early, and can be taken up again, once ``context.stop`` is set.
            out: A folder of this run; what an interrupted run left there is taken up again. ``run.json`` in it belongs to
                the SDK.
            progress: Tells how far it is.

        Returns:
            The card of the best weights, which is written beside them. Of a training that was stopped before there were
            any, whatever can be said: it is not used.

        Raises:
            InstantReactError: The data cannot be trained on, with the names of the samples at fault.
        """
