"""The batches of a training."""

from __future__ import annotations

import os

from instantreact_sdk import Dataset
from instantreact_ssd.data import Loader, Pictures
from instantreact_ssd.training.job import Job

_MOST_WORKERS = 8


def learning(job: Job) -> Loader:
    """What is learned from, in an order of each epoch's own, each time changed in another way."""
    options = job.options
    pictures = Pictures(
        job.train,
        job.architecture,
        augment=options.augment,
        seed=options.seed,
        labels=job.labels,
        cache=options.cache,
    )
    return Loader(pictures, batch_size=job.batch, workers=_workers(job), seed=options.seed, pin=_pin(job))


def seen(job: Job, samples: Dataset) -> Loader:
    """Pictures to be measured by, in their order, as they are seen when detecting."""
    pictures = Pictures(
        samples, job.architecture, augment=False, seed=0, labels=samples.classes, cache=job.options.cache
    )
    return Loader(pictures, batch_size=job.batch, workers=min(_workers(job), len(pictures)), pin=_pin(job))


def _pin(job: Job) -> bool:
    """A GPU that does not compute may be broken or full, and is not to be asked."""
    return job.arithmetic.device == "cuda"


def _workers(job: Job) -> int:
    if job.options.workers is not None:
        return job.options.workers
    if job.arithmetic.device == "cpu":
        return 0
    return min(_MOST_WORKERS, max(len(os.sched_getaffinity(0)) // job.options.devices - 1, 0))
