"""What is made of a training once its epochs are over."""

from __future__ import annotations

import torch

from instantreact_sdk import Dataset, ModelCard
from instantreact_ssd.finding import Finds
from instantreact_ssd.network import SSD
from instantreact_ssd.options import MIN_SCORE
from instantreact_ssd.training.arithmetic import Arithmetic
from instantreact_ssd.training.figures import MOST, draw_curves, draw_samples
from instantreact_ssd.training.history import best
from instantreact_ssd.training.job import Job
from instantreact_ssd.training.keeping import keep
from instantreact_ssd.training.loaders import seen
from instantreact_ssd.training.scoring import look, score
from instantreact_ssd.training.state import State
from instantreact_ssd.weights import load_weights


def end(job: Job) -> ModelCard:
    """Measure the best weights once more, in fp32, as detecting will be; complete their card; draw curves and samples.

    May be repeated: a run that is killed meanwhile is taken up here.
    """
    loaded = load_weights(job.out)
    network = loaded.model.to(job.arithmetic.device)
    state = State.read(job.out)
    assert state is not None, "its last epoch was kept"
    history = state.history
    draw_curves(history, job.out / "curves.png")
    top, sheet = best(history), job.out / "samples.png"
    if top is None:
        few = job.train[:MOST]
        truth = [sample.objects() for sample in few]
        draw_samples(few, truth, _finds(job, network, few), job.labels, MIN_SCORE, sheet)
        return loaded.card
    finds = _finds(job, network, job.validation)
    result = score(job.truth, finds, job.labels)
    threshold = result.together.best
    min_score = None if threshold is None else threshold.score
    card = keep(network, job, top.epoch, result, min_score)
    draw_samples(job.validation, job.truth, finds, job.labels, MIN_SCORE if min_score is None else min_score, sheet)
    return card


def _finds(job: Job, network: SSD, samples: Dataset) -> list[Finds]:
    exact = Arithmetic(job.arithmetic.device, torch.float32)
    return [each for batch in seen(job, samples) for each in look(network, batch.images, exact)]
