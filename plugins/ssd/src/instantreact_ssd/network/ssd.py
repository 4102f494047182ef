"""The whole network."""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor, nn

from instantreact_sdk import PluginError
from instantreact_ssd.architecture import Architecture
from instantreact_ssd.network.bodies import make_body, make_heads
from instantreact_ssd.network.body import Body
from instantreact_ssd.priors import make_priors

_FIX = "Change size, or grids (with as many aspect_ratios and steps, and one scale more)."
_right: set[Architecture] = set()
"""Those whose grids were looked at already: for a network of many small layers that takes longer than to build it."""


class SSD(nn.Module):
    """A Single Shot MultiBox Detector with weights to begin with.

    Attributes:
        architecture: What it was made of.
        classes: How many kinds of objects it tells apart, without background.
        priors: ``(priors, 4)`` of `make_priors`; moves with the network, and is not in its ``state_dict``.
        body: Makes the feature maps.
        heads: Predict from them.

    Args:
        architecture: What to make it of.
        classes: At least 1.

    Raises:
        PluginError: The architecture's grids are not those that its backbone makes of pictures of its size.
    """

    priors: Tensor
    _mean: Tensor
    _std: Tensor

    def __init__(self, architecture: Architecture, classes: int) -> None:
        super().__init__()
        if classes < 1:
            raise PluginError("A detector needs at least one class.", "Check the labels of the data.")
        self.architecture = architecture
        self.classes = classes
        self.body = make_body(architecture)
        _check_grids(self.body, architecture)
        self.heads = make_heads(architecture, self.body.channels, classes)
        self.register_buffer("priors", make_priors(architecture), persistent=False)
        for name, values in (("_mean", architecture.mean), ("_std", architecture.std)):
            self.register_buffer(name, torch.tensor(values, device="cpu")[:, None, None], persistent=False)

    @classmethod
    def unfilled(cls, architecture: Architecture, classes: int) -> Self:
        """One whose weights have shapes alone, for `instantreact_ssd.weights.filling.fill`; others are made by chance, which takes longer
        than reading them. Arguments and errors are those of the class.
        """
        with torch.device("meta"):
            return cls(architecture, classes)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Predict.

        Args:
            images: ``(n, 3, size, size)``, RGB, 0..1; normalised here, so that whatever calls the network need not know how.

        Returns:
            ``(n, priors, 4)`` offsets for `decode`, and ``(n, priors, columns)`` logits: one column a class, after one
            for background where the architecture has it.
        """
        offsets, logits = self.heads(self.body((images - self._mean) / self._std))
        return offsets, logits

    def scores(self, logits: Tensor) -> Tensor:
        """Logits as float32 ``(..., classes)`` of probabilities, without background."""
        if self.architecture.background:
            return logits.float().softmax(dim=-1)[..., 1:]
        return logits.float().sigmoid()

    def train(self, mode: bool = True) -> Self:
        """Prepare for training, except of what is frozen: averages of batch norms stay there."""
        super().train(mode)
        for stage in self.body.stages():
            for layer in stage:
                if not any(parameter.requires_grad for parameter in layer.parameters()):
                    layer.eval()
        return self


def _check_grids(body: Body, architecture: Architecture) -> None:
    """Compare the maps of a picture without content with what was asked for."""
    if architecture in _right:
        return
    weights = {name: tensor.to("meta") for name, tensor in body.state_dict().items()}
    picture = torch.empty(2, 3, architecture.size, architecture.size, device="meta")
    try:
        maps: list[Tensor] = torch.func.functional_call(body, weights, (picture,))
    except RuntimeError as error:  # a convolution with nothing left to see
        raise PluginError(
            f"Pictures of {architecture.size} pixels are too small for {architecture.backbone} with grids of "
            f"{_words(architecture.grids)} places each way.",
            _FIX,
        ) from error
    grids = tuple(each.shape[-1] for each in maps)
    if grids != architecture.grids:
        raise PluginError(
            f"{architecture.backbone} makes maps of {_words(grids)} places each way of pictures of {architecture.size} pixels, "
            f"but the architecture's grids are {_words(architecture.grids)}.",
            _FIX,
        )
    _right.add(architecture)


def _words(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))
