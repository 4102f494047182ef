"""Finding a learning rate (Smith 2015, arXiv 1506.01186, section 3.3)."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import torch

from instantreact_sdk import PluginError, Progress
from instantreact_ssd.data import Batch, Loader
from instantreact_ssd.network import SSD
from instantreact_ssd.training.arithmetic import Arithmetic
from instantreact_ssd.training.descent import descent, set_rate
from instantreact_ssd.training.learner import loss_of
from instantreact_ssd.training.options import TrainingOptions
from instantreact_ssd.training.scoring import as_input

LOWEST, HIGHEST, TRIES = 1e-6, 1.0, 100
"""The rates that are tried, one a step."""

_SMOOTHING = 0.9
_EXPLODED = 4


@dataclass(frozen=True, slots=True)
class Search:
    """What was tried.

    Attributes:
        rates: Rising.
        losses: At each, smoothed.
    """

    rates: list[float]
    losses: list[float]

    @property
    def steepest(self) -> float:
        """The rate at which the loss fell fastest for a relative rise of the rate; a tenth of the last, where it never fell."""
        slopes = [after - before for before, after in zip(self.losses[:-2], self.losses[2:], strict=True)]
        least = min(slopes, default=0.0)
        return self.rates[slopes.index(least) + 1] if least < 0 else self.rates[-1] / 10


def search(
    network: SSD,
    options: TrainingOptions,
    arithmetic: Arithmetic,
    loader: Loader,
    progress: Progress,
    stop: Callable[[], bool],
) -> Search:
    """Take steps at ever higher rates, until the loss explodes; the network itself stays as it is.

    Args:
        network: To begin with.
        options: How to learn.
        arithmetic: Where.
        loader: Of batches; begun anew where it ends.
        progress: Is told of each step.
        stop: Whether to end after this step.

    Raises:
        PluginError: The loss is not finite even at the lowest rates, with the names of the pictures.
    """
    trial = copy.deepcopy(network).to(arithmetic.device, memory_format=torch.channels_last).train()  # type: ignore[call-overload]  # torch's types lack it
    optimizer, loss = descent(trial, options), loss_of(trial, options)
    rates: list[float] = []
    losses: list[float] = []
    running = 0.0
    for number, made in enumerate(islice(_for_ever(loader), TRIES)):
        rate = LOWEST * (HIGHEST / LOWEST) ** (number / (TRIES - 1))
        batch = made.to(arithmetic.device)
        set_rate(optimizer, rate)
        with arithmetic.autocast():
            offsets, logits = trial(as_input(batch.images))
        total = loss(offsets, logits, batch.targets).total
        value = total.item()
        if not abs(value) < float("inf"):
            if number > TRIES // 4:
                break
            raise PluginError(
                f"The loss is {value} in a batch of the pictures {', '.join(batch.names)}.", "Check their boxes."
            )
        running = _SMOOTHING * running + (1 - _SMOOTHING) * value
        smooth = running / (1 - _SMOOTHING ** (number + 1))
        if losses and smooth > _EXPLODED * min(losses):
            break
        rates.append(rate)
        losses.append(smooth)
        optimizer.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]  # torch says no types
        torch.nn.utils.clip_grad_norm_(trial.parameters(), options.clip_gradients or float("inf"))
        optimizer.step()
        progress(number + 1, TRIES, f"trying learning rates, {rate:.1e}, loss {smooth:.3f}")
        if stop():
            break
    return Search(rates, losses)


def _for_ever(loader: Loader) -> Iterator[Batch]:
    while True:
        yield from loader
