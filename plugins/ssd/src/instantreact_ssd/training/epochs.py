"""What happens between epochs: measuring, keeping, telling."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule
from lightning.pytorch import Trainer as Lightning
from lightning.pytorch.loggers import TensorBoardLogger

from instantreact_sdk import Progress
from instantreact_sdk.metrics import VocResult
from instantreact_ssd.data import Batch
from instantreact_ssd.training.gathering import gathered
from instantreact_ssd.training.history import Epoch, best, stale, write_csv
from instantreact_ssd.training.job import Job
from instantreact_ssd.training.keeping import keep
from instantreact_ssd.training.learner import Learner
from instantreact_ssd.training.scoring import look, score
from instantreact_ssd.training.state import State


class Stopped(Exception):  # noqa: N818  (no error: somebody asked for it)
    """Training was asked to end, and did so after a step."""


class Epochs(Callback):
    """Leads a learner from epoch to epoch, as Lightning calls.

    Where several processes share the work, each has all that the epoch is judged by, so that all come to the same end; the first one
    writes.

    Args:
        job: What is trained.
        history: The epochs that are finished already; others are added.
        measuring: This process's share of the validation's batches, and the places of their pictures.
        progress: Is told of each step.
        stop: Whether to end after this step.

    Raises:
        Stopped: It was asked to.
    """

    def __init__(
        self,
        job: Job,
        history: list[Epoch],
        measuring: tuple[Iterable[Batch], list[int]],
        progress: Progress,
        stop: Callable[[], bool],
    ) -> None:
        self._job = job
        self._history = history
        self._measuring, self._places = measuring
        self._progress = progress
        self._stop = stop
        self._began = time.perf_counter()
        self._board: TensorBoardLogger | None = None

    def on_fit_start(self, trainer: Lightning, pl_module: LightningModule) -> None:
        """Rows of an epoch that was broken off end here."""
        if trainer.is_global_zero:
            write_csv(self._history, self._job.out / "metrics.csv")
            self._board = TensorBoardLogger(self._job.out, "tensorboard", "", purge_step=len(self._history) + 1)

    def on_train_epoch_start(self, trainer: Lightning, pl_module: LightningModule) -> None:
        """Whatever draws random numbers draws the same ones in this epoch whenever it is begun."""
        torch.manual_seed((self._job.options.seed << 20) + trainer.current_epoch)
        self._began = time.perf_counter()

    def on_train_batch_end(
        self, trainer: Lightning, pl_module: LightningModule, outputs: Any, batch: Batch, batch_idx: int
    ) -> None:
        """One step is done."""
        learner = _learner(pl_module)
        if trainer.is_global_zero:
            told = [f"epoch {trainer.current_epoch + 1} of {self._job.options.epochs}"]
            told += [
                f"loss {learner.sums[0].item() / (batch_idx + 1):.3f}",
                f"{self._speed(batch_idx + 1):.1f} images/s",
            ]
            top = best(self._history)
            told += [] if top is None else [f"best mAP {top.voc_map:.3f}"]
            steps = self._job.steps
            self._progress(
                trainer.current_epoch * steps + batch_idx + 1,
                self._job.options.epochs * steps,
                ", ".join([*told, "steps"]),
            )
        if self._stop():
            raise Stopped

    def on_train_epoch_end(self, trainer: Lightning, pl_module: LightningModule) -> None:
        """Measure the epoch, and keep what it made."""
        learner = _learner(pl_module)
        speed = self._speed(self._job.steps)
        every = gathered(learner.sums.cpu() / self._job.steps)
        loss, localization, classification = torch.stack(every).mean(dim=0).tolist()
        result = self._measured(learner) if self._due(trainer) else None
        epoch = Epoch(
            epoch=trainer.current_epoch + 1,
            loss=loss,
            localization=localization,
            classification=classification,
            images_per_second=speed,
            learning_rate=learner.rate * learner.schedule(learner.steps - 1),
            voc_map=None if result is None else result.mean_average_precision,
            voc_map_11=None if result is None else result.mean_average_precision_11,
            seconds=time.perf_counter() - self._began,
        )
        self._history.append(epoch)
        if trainer.is_global_zero:
            self._keep(trainer, learner, epoch, result)
        patience = self._job.options.patience
        trainer.should_stop = patience is not None and stale(self._history) >= patience

    def _due(self, trainer: Lightning) -> bool:
        number = trainer.current_epoch + 1
        return self._job.measured and (
            number % self._job.options.validate_every == 0 or number == self._job.options.epochs
        )

    def _measured(self, learner: Learner) -> VocResult:
        finds = [
            find for batch in self._measuring for find in look(learner.average, batch.images, self._job.arithmetic)
        ]
        everyones = dict(pair for part in gathered(list(zip(self._places, finds, strict=True))) for pair in part)
        return score(self._job.truth, [everyones[place] for place in range(len(self._job.truth))], self._job.labels)

    def _keep(self, trainer: Lightning, learner: Learner, epoch: Epoch, result: VocResult | None) -> None:
        top = best(self._history)
        if top is None or top is epoch:
            # Before the state that calls them the best: killed between the two, the epoch is repeated, and makes the same ones.
            keep(learner.average, self._job, epoch.epoch, result)
        State.of(
            learner.network,
            settings=self._job.settings,
            rate=learner.rate,
            average=learner.average,
            step=learner.steps,
            optimizer=trainer.optimizers[0].state_dict(),
            scaling=trainer.precision_plugin.state_dict(),
            history=self._history,
        ).write(self._job.out)
        write_csv(self._history, self._job.out / "metrics.csv")
        assert self._board is not None, "on_fit_start comes first"
        figures = {name: value for name, value in epoch.plain().items() if value is not None and name != "epoch"}
        self._board.log_metrics(figures, epoch.epoch)
        self._board.save()

    def _speed(self, steps: int) -> float:
        return steps * self._job.batch * self._job.options.devices / (time.perf_counter() - self._began)

    def teardown(self, trainer: Lightning, pl_module: LightningModule, stage: str) -> None:
        """Close what was opened."""
        if self._board is not None:
            self._board.finalize("success")


def _learner(module: LightningModule) -> Learner:
    assert isinstance(module, Learner), "it is what Lightning was given"
    return module
