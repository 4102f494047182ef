"""The loop, which is Lightning's, in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from lightning.fabric.plugins.environments.lightning import LightningEnvironment
from lightning.pytorch import Trainer as Lightning
from lightning.pytorch.strategies import DDPStrategy

from instantreact_sdk import Progress
from instantreact_ssd.data import Batch
from instantreact_ssd.training.epochs import Epochs
from instantreact_ssd.training.history import stale
from instantreact_ssd.training.job import Job
from instantreact_ssd.training.learner import Learner
from instantreact_ssd.training.loaders import learning, seen
from instantreact_ssd.training.quiet import quiet
from instantreact_ssd.training.schedule import Schedule
from instantreact_ssd.training.state import State


def fit(job: Job, progress: Progress, stop: Callable[[], bool], place: int = 0) -> None:
    """Train until all epochs are done, or the average precision has long been better.

    Where to go on is in the folder of the run (`State`), and so is what it leaves.

    Args:
        job: What to train.
        progress: Is told of each step, in the first process.
        stop: Whether to end after the step.
        place: Of this process among ``job.options.devices``.

    Raises:
        Stopped: `stop` said so.
        InstantReactError: The data or the loss are at fault.
    """
    options = job.options
    state = State.read(job.out)
    assert state is not None, "whoever makes a job writes where it begins"
    history = list(state.history)
    if is_done(job, state):
        return
    schedule = Schedule(options.schedule, steps=options.epochs * job.steps, warm_up=options.warm_up)
    with quiet(), _interruptions():
        learner = Learner(state, options, schedule)
        places = list(range(len(job.truth)))[place :: options.devices]
        measuring: Iterable[Batch] = (
            seen(job, job.validation[place :: options.devices]) if job.measured and places else []
        )
        trainer = Lightning(
            accelerator="gpu" if job.arithmetic.device == "cuda" else "cpu",
            devices=options.devices,
            strategy="auto" if options.devices == 1 else DDPStrategy(cluster_environment=LightningEnvironment()),
            plugins=[LightningEnvironment()] if options.devices == 1 else [],
            precision=job.arithmetic.lightning,
            max_epochs=options.epochs,
            callbacks=[Epochs(job, history, (measuring, places), progress, stop)],
            default_root_dir=job.out,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            use_distributed_sampler=False,
            benchmark=job.arithmetic.device == "cuda",
        )
        if state.scaling:
            trainer.precision_plugin.load_state_dict(state.scaling)
        # Lightning's own checkpoints could not tell an epoch that was broken off from a finished one.
        trainer.fit_loop.epoch_progress.current.processed = len(history)  # type: ignore[attr-defined]  # its class is a narrower one than declared
        trainer.fit(learner, learning(job))


def is_done(job: Job, state: State) -> bool:
    """Whether no epoch is to come."""
    patience = job.options.patience
    return len(state.history) >= job.options.epochs or (patience is not None and stale(state.history) >= patience)


@contextmanager
def _interruptions() -> Iterator[None]:
    """Lightning makes exits of interruptions; whoever called should meet what was pressed."""
    try:
        yield
    except SystemExit as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise error.__context__ from None
        raise
