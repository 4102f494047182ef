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
    """Trains the weights of one spec.

    Attributes:
        options: The model of its options; the command line shows them as flags.
    """

    options: type[Options] = NoOptions

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
            train: Samples to learn from; of the type that the component's kind works on.
            validation: Samples to choose the best weights by; may be empty.
            options: An instance of `Trainer.options`.
            context: As for a component; training ends early, and can be taken up again, once ``context.stop`` is set.
            out: A folder of this run; what an interrupted run left there is taken up again.
            progress: Tells how far it is.

        Raises:
            InstantReactError: The data cannot be trained on, with the names of the samples at fault.
        """
