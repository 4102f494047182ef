"""A whole training: prepare, fit, and show what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from instantreact_sdk import Context, Dataset, ModelCard, Objects, PluginError, Progress
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.data import Loader, Pictures, fingerprint
from instantreact_ssd.network import SSD
from instantreact_ssd.training.arithmetic import Arithmetic
from instantreact_ssd.training.beginning import begin
from instantreact_ssd.training.ending import end
from instantreact_ssd.training.epochs import Stopped
from instantreact_ssd.training.figures import draw_search
from instantreact_ssd.training.finder import search
from instantreact_ssd.training.fitting import fit
from instantreact_ssd.training.job import Job
from instantreact_ssd.training.options import MAY_CHANGE, TrainingOptions
from instantreact_ssd.training.processes import fit_together
from instantreact_ssd.training.state import State


def run(
    component: str,
    architecture: Architecture,
    train: Dataset,
    validation: Dataset,
    options: TrainingOptions,
    context: Context,
    out: Path,
    progress: Progress,
) -> ModelCard:
    """Train, or take up a training that was broken off, and write all that belongs to a run.

    Args:
        component: The id of the detector, as ``ssd/ssd300``.
        architecture: That of this detector, before the options change it.
        train: Pictures to learn from.
        validation: Pictures to choose the best weights by; without any, or without objects in them, the last ones are the best.
        options: How.
        context: Its ``stop`` ends it after a step.
        out: The folder of the run.
        progress: Is told of each step.

    Raises:
        InstantReactError: Options or data are at fault, or a loss is not finite.
    """
    out.mkdir(parents=True, exist_ok=True)
    labels = tuple(train.classes)
    _check(train, labels, options)
    arithmetic = Arithmetic.of(options)
    truth = [_by(labels, sample.objects(), validation.classes) for sample in validation]
    data = {
        "pictures": len(train),
        "fingerprint": fingerprint(train),
        "validation_pictures": len(validation),
        "validation_fingerprint": fingerprint(validation),
    }
    settings = {
        **options.model_dump(mode="json", exclude=set(MAY_CHANGE)),
        "labels": list(labels),
        "data": data,
        "dtype": str(arithmetic.dtype),
    }
    try:
        state = State.read(out)
        if state is None:
            network = begin(component.rpartition("/")[2], architecture, options, labels, context.base)
            rate = options.learning_rate
            if rate == "auto":
                rate = _found_rate(network, train, labels, options, arithmetic, out, context, progress)
            state = State.of(network, settings=settings, rate=rate)
            state.write(out)
            del network  # its weights are on the disk now, and take as much memory as what learns
        state.fits(settings, out)
        own = Architecture.model_validate(state.architecture)
        del state
        job = Job(component, own, labels, train, validation, truth, options, arithmetic, settings, out, data)
        if not job.measured:
            context.log.warning(
                "Nothing is to be found in the validation's pictures: the last weights are kept, not the best."
            )
        if options.devices == 1:
            with torch.random.fork_rng(devices=arithmetic.generators):
                fit(job, progress, context.stop.is_set)
        else:
            fit_together(job, progress, context.stop.is_set)
    except Stopped:
        reached = State.read(out)
        if reached is None or not reached.history:
            return ModelCard(component, out / "weights.safetensors", labels)
        return ModelCard.read(out)
    return end(job)


def _check(train: Dataset, labels: tuple[str, ...], options: TrainingOptions) -> None:
    if not len(train):
        raise PluginError("There are no pictures to learn from.", "Name a split that has some.")
    if not labels:
        raise PluginError("Nothing is labelled in the pictures, so there is nothing to learn.", "Label some objects.")
    if options.batch_size % options.devices:
        raise PluginError(
            f"{options.batch_size} pictures a step cannot be shared evenly by {options.devices} devices.",
            f"Set batch_size to a multiple of {options.devices}.",
        )


def _by(labels: tuple[str, ...], objects: Objects, classes: tuple[str, ...]) -> Objects:
    """The same with labels by another list of classes."""
    if classes == labels:
        return objects
    for label in objects.labels:
        if classes[label] not in labels:
            raise PluginError(
                f"The validation's picture {objects.image} shows {classes[label]!r}, which is none of the training's classes.",
                "Validate on pictures with the same classes.",
            )
    numbers = np.array([labels.index(name) if name in labels else -1 for name in classes], np.int64)
    rows: dict[str, Any] = {name: getattr(objects, name) for name in ("boxes", "difficult", "crowd", "areas")}
    return Objects(objects.image, objects.width, objects.height, labels=numbers[objects.labels], **rows)


def _found_rate(
    network: SSD,
    train: Dataset,
    labels: tuple[str, ...],
    options: TrainingOptions,
    arithmetic: Arithmetic,
    out: Path,
    context: Context,
    progress: Progress,
) -> float:
    pictures = Pictures(
        train, network.architecture, augment=options.augment, seed=options.seed, labels=labels, cache=options.cache
    )
    loader = Loader(pictures, batch_size=min(options.batch_size, len(train)), seed=options.seed)
    with torch.random.fork_rng(devices=arithmetic.generators):
        torch.manual_seed(options.seed)  # what drops out in a step is chance, too
        tried = search(network, options, arithmetic, loader, progress, context.stop.is_set)
    if context.stop.is_set():
        raise Stopped
    draw_search(tried, tried.steepest, out / "learning_rate.png")
    return tried.steepest
