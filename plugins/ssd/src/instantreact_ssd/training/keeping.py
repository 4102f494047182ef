"""Weights with their card in the folder of a run."""

from __future__ import annotations

from instantreact_sdk import ModelCard
from instantreact_sdk.metrics import VocResult
from instantreact_ssd.network import SSD
from instantreact_ssd.training.job import Job
from instantreact_ssd.weights import save_weights


def keep(network: SSD, job: Job, epoch: int, result: VocResult | None, min_score: float | None = None) -> ModelCard:
    """Write weights and card, each whole.

    Args:
        network: Whose weights.
        job: What they come from.
        epoch: The one that made them, from 1.
        result: How well they do on the validation's pictures.
        min_score: The score of best F1 there, once it is measured as detecting is.
    """
    metrics: dict[str, float] = {"epoch": epoch}
    if result is not None and result.mean_average_precision is not None:
        metrics["VOC mAP"] = result.mean_average_precision
        metrics["VOC mAP 11-point"] = result.mean_average_precision_11 or 0.0
    settings = {} if min_score is None else {"min_score": min_score}
    return save_weights(
        network, job.labels, job.out, component=job.component, metrics=metrics, settings=settings, data=job.data
    )
