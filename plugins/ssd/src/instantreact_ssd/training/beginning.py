"""The network that a training begins with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError

from instantreact_sdk import PluginError
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.network import SSD, freeze
from instantreact_ssd.pretrained import coco, load_base_weights
from instantreact_ssd.training.options import TrainingOptions
from instantreact_ssd.weights import LoadedWeights, load_weights, replace_head

_FROZEN = 2
"""Stages that keep weights made from a million pictures, where nothing else is asked for: edges and textures."""
_COUNTER = "num_batches_tracked"  # not in all files, and without effect


def begin(
    name: str, architecture: Architecture, options: TrainingOptions, labels: Sequence[str], base: Path = Path()
) -> SSD:
    """Build it, give it weights, and freeze some of them.

    Args:
        name: Of the detector, as ``ssd300``.
        architecture: That of this name, before the options change it.
        options: What to begin with.
        labels: Of the classes.
        base: The folder in which relative paths begin.

    Raises:
        InstantReactError: The options contradict each other, or weights cannot be read.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(options.seed)
        if options.init is not None:
            loaded = coco(name) if options.init == "coco" else load_weights(base / options.init)
            _fits(loaded, architecture, options)
            network = replace_head(loaded, labels, background=options.loss != "focal").model
            trained: Collection[str] = network.body.state_dict().keys()
        else:
            network = SSD(changed(architecture, options), len(labels))
            trained = ()
            if options.base_weights != "none":
                named = None if options.base_weights == "imagenet" else base / options.base_weights
                trained = load_base_weights(network, named)
    freeze(network, min(_FROZEN, _ready_made(network, trained)) if options.freeze is None else options.freeze)
    return network


def _ready_made(network: SSD, trained: Collection[str]) -> int:
    """How many of the first stages have nothing but tensors of these names: what chance made has to learn."""
    own = {id(tensor): name for name, tensor in network.body.state_dict(keep_vars=True).items()}
    fresh = {key for key, name in own.items() if name not in trained and not name.endswith(_COUNTER)}
    stages = (
        {id(tensor) for layer in stage for tensor in layer.state_dict(keep_vars=True).values()}
        for stage in network.body.stages()
    )
    return sum(1 for _ in takewhile(fresh.isdisjoint, stages))


def changed(architecture: Architecture, options: TrainingOptions) -> Architecture:
    """The architecture as the options want it.

    Raises:
        PluginError: There is no such architecture.
    """
    wanted = {**_asked(options), "background": options.loss != "focal"}
    try:
        return Architecture(**{**architecture.model_dump(), **wanted})
    except ValidationError as error:
        raise PluginError(
            f"The priors cannot be made so: {error.errors()[0]['msg']}.", "Change scales or aspect_ratios."
        ) from None


def _asked(options: TrainingOptions) -> dict[str, Any]:
    names = ("scales", "aspect_ratios", "clip_priors", "backbone")
    return {name: getattr(options, name) for name in names if getattr(options, name, None) is not None}


def _fits(loaded: LoadedWeights, architecture: Architecture, options: TrainingOptions) -> None:
    """Make sure that the weights are of the detector that is trained; they bring all else of their architecture."""
    own = loaded.model.architecture
    wanted = {"size": architecture.size, **_asked(options)}
    for name, value in wanted.items():
        if getattr(own, name) != value:
            raise PluginError(
                f"The weights {options.init} are of {name} {getattr(own, name)}, not {value}.",
                "Choose others, or change the option.",
            )
