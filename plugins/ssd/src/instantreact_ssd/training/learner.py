"""One step of training, as Lightning asks for it."""

from __future__ import annotations

import copy
from typing import Any

import torch
from lightning.pytorch import LightningModule
from torch import Tensor

from instantreact_sdk import PluginError
from instantreact_ssd.data import Batch
from instantreact_ssd.loss import FocalLoss, Losses, MultiBoxLoss
from instantreact_ssd.network import SSD
from instantreact_ssd.training.average import Average
from instantreact_ssd.training.descent import descent, set_rate
from instantreact_ssd.training.options import TrainingOptions
from instantreact_ssd.training.schedule import Schedule
from instantreact_ssd.training.scoring import as_input
from instantreact_ssd.training.state import State


class Learner(LightningModule):
    """A network that learns, its average, and all that goes from one step to the next.

    Attributes:
        network: It learns.
        average: Its running average.
        steps: How many were taken.
        sums: float64 ``(3,)``: of the epoch's losses, their localization and their classification.

    Args:
        state: Where to go on; what is frozen stays so.
        options: How to learn.
        schedule: Factors of the learning rate.
    """

    def __init__(self, state: State, options: TrainingOptions, schedule: Schedule) -> None:
        super().__init__()
        self.network = state.rebuilt().to(memory_format=torch.channels_last)
        self.network.train()
        self.average = copy.deepcopy(self.network).requires_grad_(requires_grad=False).eval()
        self.average.load_state_dict(state.average)
        self.options = options
        self.rate = state.rate
        self.schedule = schedule
        self.steps = state.step
        self.sums = torch.zeros(3, dtype=torch.float64)
        self._optimizer_state = state.optimizer
        self._loss: MultiBoxLoss | FocalLoss | None = None
        self._running: Average | None = None
        self._names: list[str] = []

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Called once the network is where it learns."""
        optimizer = descent(self.network, self.options, fused=self.trainer.precision != "16-mixed")
        if self._optimizer_state:
            optimizer.load_state_dict(self._optimizer_state)
        self._loss = loss_of(self.network, self.options)
        self._running = Average(self.average, self.network, self.options.ema)
        self.sums = self.sums.to(self.device)
        return optimizer

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, dataloader_idx: int) -> Batch:
        """A batch knows how to move itself."""
        return batch.to(device, non_blocking=True)

    def on_train_epoch_start(self) -> None:
        """Each epoch has losses of its own."""
        self.sums.zero_()

    def on_train_batch_start(self, batch: Batch, batch_idx: int) -> None:
        """The rate is that of the step's number, so it needs no memory."""
        self._names = list(batch.names)
        set_rate(self.optimizers(use_pl_optimizer=False), self.rate * self.schedule(self.steps))  # type: ignore[arg-type]  # there is one

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """The loss of a batch.

        Raises:
            PluginError: It is not finite; the pictures are named.
        """
        assert self._loss is not None, "configure_optimizers comes first"
        offsets, logits = self.network(as_input(batch.images))
        losses: Losses = self._loss(offsets, logits, batch.targets)
        parts = torch.stack([losses.total, losses.localization, losses.classification]).detach()
        if not torch.isfinite(parts).all():
            raise self._not_finite(f"The loss is {losses.total.item()}")
        self.sums += parts
        return losses.total

    def configure_gradient_clipping(
        self,
        optimizer: Any,
        gradient_clip_val: float | None = None,
        gradient_clip_algorithm: str | None = None,
    ) -> None:
        """Shorten gradients that are too long; the vector is measured in any case, as one that has no length would end everything.

        Raises:
            PluginError: It has none; the pictures are named. In fp16 that is no error: the step is left out.
        """
        limit = self.options.clip_gradients or float("inf")
        learning = [parameter for parameter in self.network.parameters() if parameter.grad is not None]
        length = torch.nn.utils.clip_grad_norm_(learning, limit)
        if self.trainer.precision != "16-mixed" and not torch.isfinite(length):
            raise self._not_finite("The gradient is not finite")

    def on_train_batch_end(self, outputs: Any, batch: Batch, batch_idx: int) -> None:
        """The step is taken."""
        assert self._running is not None, "configure_optimizers comes first"
        self._running.update(self.steps)
        self.steps += 1

    def _not_finite(self, problem: str) -> PluginError:
        return PluginError(
            f"{problem} at step {self.steps + 1}, in a batch of the pictures {', '.join(self._names)}.",
            "Look at their boxes with 'instantreact-sdk data check', or lower learning_rate; what was kept after the epoch before is "
            "still there.",
        )


def loss_of(network: SSD, options: TrainingOptions) -> MultiBoxLoss | FocalLoss:
    """The loss that the options ask for, with the priors where the network is."""
    return (FocalLoss if options.loss == "focal" else MultiBoxLoss)(network.priors)
