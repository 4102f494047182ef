"""What `instantreact-sdk train ssd/...` runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from instantreact_sdk import Context, Dataset, ModelCard, Options, PluginError, Progress, Trainer
from instantreact_ssd.architecture import SSD300, SSD512, SSDLITE320, Architecture
from instantreact_ssd.extras import need
from instantreact_ssd.training.options import MAY_CHANGE, TrainingOptions, TrainingOptions300


class SSDTrainer(Trainer):
    """Trains one of the detectors, on labelled pictures."""

    options: type[Options] = TrainingOptions
    may_change = MAY_CHANGE
    component: ClassVar[str]
    architecture: ClassVar[Architecture]

    def train(
        self,
        train: Sequence[Any],
        validation: Sequence[Any],
        options: Options,
        context: Context,
        out: Path,
        progress: Progress,
    ) -> ModelCard:
        """Train until the epochs are over, or `context` says so.

        Args:
            train: An `instantreact_sdk.Dataset`, whose classes are the labels.
            validation: Likewise; it may be empty, and then the last weights are kept instead of the best.
            options: Of the type of `options`.
            context: Its ``stop`` ends the training after a step; what is not finished of an epoch is lost.
            out: Gets ``weights.safetensors`` and ``weights.json`` (the best, and their card), ``last.ckpt`` (where it
                stands), ``metrics.csv``, ``curves.png``, ``samples.png`` and ``tensorboard/``.
            progress: Is told of each step.

        Raises:
            InstantReactError: Options or data are at fault; or the loss is not finite, with the pictures' names; or what the
                extra ``train`` brings along is not installed.
        """
        need("train")
        from instantreact_ssd.training.run import run

        if not isinstance(train, Dataset) or not isinstance(validation, Dataset):
            raise PluginError("An SSD learns from labelled pictures.", "Open them with instantreact_sdk.open_dataset.")
        assert isinstance(options, TrainingOptions), "the caller made it of `options`"
        return run(self.component, self.architecture, train, validation, options, context, out, progress)


class SSD300Trainer(SSDTrainer):
    """Trains `ssd/ssd300`."""

    options = TrainingOptions300
    component = "ssd/ssd300"
    architecture = SSD300


class SSD512Trainer(SSDTrainer):
    """Trains `ssd/ssd512`."""

    component = "ssd/ssd512"
    architecture = SSD512


class SSDLite320Trainer(SSDTrainer):
    """Trains `ssd/ssdlite320`."""

    component = "ssd/ssdlite320"
    architecture = SSDLITE320
