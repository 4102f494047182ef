"""What can be set of a training."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from instantreact_sdk import Options
from instantreact_ssd.architecture import Above0, Clipping

MAY_CHANGE = frozenset({"epochs", "workers", "cache", "patience", "device"})
"""Options that may be others when a run is taken up again."""


class TrainingOptions(Options):
    """Options of `instantreact-sdk train ssd/...`."""

    epochs: int = Field(60, ge=1)
    """How often every picture is looked at. A finished run that is given more goes on where it ended, but for the learning rate,
    which rises again to what the longer schedule has there."""

    batch_size: int = Field(8, ge=1)
    """Pictures a step, on all devices together."""

    learning_rate: Above0 | Literal["auto"] = 8e-3
    """What gradients are multiplied by at the schedule's height; change it in proportion to `batch_size`. `auto` tries a range of
    rates first and takes the one at which the loss falls fastest (Smith 2015, arXiv 1506.01186)."""

    schedule: Literal["cosine", "multi-step"] = "cosine"
    """How the learning rate falls: along half a wave down to a hundredth, or to a tenth after two thirds and again after five
    sixths of the steps, as in the paper."""

    warm_up: int = Field(100, ge=0)
    """Steps in which the learning rate rises to its height; at most a tenth of all."""

    momentum: float = Field(0.9, ge=0, lt=1)
    """How much of the last step's direction is kept."""

    weight_decay: float = Field(5e-4, ge=0, allow_inf_nan=False)
    """How strongly weights are drawn to 0; not biases, nor what scales a normalisation."""

    bias_rate: Above0 = 2.0
    """How many times the learning rate the biases of convolutions get; the authors doubled it."""

    clip_gradients: float = Field(10.0, ge=0, allow_inf_nan=False)
    """The longest that all gradients together, as one vector, may be; 0 for no limit."""

    ema: float = Field(0.9998, ge=0, lt=1)
    """The decay of the running average of the weights, which is what is measured and kept; 0 for the weights themselves. It rises to
    that as ``(1 + step) / (10 + step)``, so that a short training, too, averages over about its last tenth."""

    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    """Of the network's arithmetic; `auto` is bf16 where the processor or the GPU has it. Weights and losses stay in fp32."""

    device: Literal["auto", "cpu", "cuda"] = "auto"
    """What computes; `auto` is the GPU where there is one."""

    devices: int = Field(1, ge=1)
    """How many GPUs share each step, or processes on the CPU; `batch_size` has to be a multiple."""

    workers: int | None = Field(None, ge=0)
    """Processes a device that read and change the pictures; by default none beside a CPU that computes, up to 8 beside a GPU."""

    seed: int = Field(0, ge=0, lt=2**31)
    """Of everything that is left to chance. The same seed gives the same weights on the same processor; GPUs round sums as they come."""

    loss: Literal["multibox", "focal"] = "multibox"
    """The paper's, with the hardest of the background only; or all of it, weighed by how hard it is (Lin et al. 2017, arXiv
    1708.02002), with a score of its own for each class."""

    init: str | None = None
    """A detector to start from: `coco`, a file of weights, or the folder of a run. It gets a new head for other classes."""

    base_weights: str = "imagenet"
    """What the backbone starts from, without `init`: `imagenet` (downloaded once), `none`, or a file in torchvision's layout."""

    freeze: int | None = Field(None, ge=0)
    """How many of the backbone's stages, from the pictures on, keep the weights that they start with; by default the first 2,
    as far as these were trained before. Fewer learn more, more learn faster."""

    scales: tuple[Above0, ...] | None = None
    """Sides of the square priors as fractions of the picture, from the finest map on, and one more."""

    aspect_ratios: tuple[tuple[Above0, ...], ...] | None = None
    """Of each map's priors besides the squares: 2 stands for twice as wide and for twice as high."""

    clip_priors: Clipping | None = None
    """Which numbers of a prior are cut to 0..1: `all`, `sides` or `none`."""

    augment: bool = True
    """Whether pictures are changed each time: colours, zoom, crop, mirror. Without it only their size is."""

    patience: int | None = Field(None, ge=1)
    """Validations without a better average precision after which training ends; by default it goes on."""

    validate_every: int = Field(1, ge=1)
    """Epochs from one validation to the next; the last epoch has one always."""

    cache: float = Field(512, ge=0, allow_inf_nan=False)
    """MB of memory for pictures that were read once, reduced to what the network can use; each device has as much again, and once more
    for those of the validation."""


class TrainingOptions300(TrainingOptions):
    """Options of `instantreact-sdk train ssd/ssd300`."""

    backbone: Literal["vgg16", "resnet34"] | None = None
    """The convolutions that the detector stands on; by default `vgg16`, or that of `init`."""
