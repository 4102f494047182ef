"""From pictures to what is found in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from instantreact_sdk import PluginError
from instantreact_ssd.finding import Finds, find
from instantreact_ssd.network import SSD


class Predictor:
    """A trained network, ready to look at pictures.

    Args:
        model: Is moved to the device, and changed for speed.
        classes: Numbers of the classes to look for; the labels of what is found are positions in here.
        device: What to compute on.
        precision: What to compute with.
        min_score: See `find`.
        max_overlap: See `find`.
        top_k: See `find`.

    Raises:
        PluginError: What it predicts is not finite.
    """

    def __init__(
        self,
        model: SSD,
        classes: Sequence[int],
        *,
        device: torch.device,
        precision: torch.dtype,
        min_score: float,
        max_overlap: float,
        top_k: int,
    ) -> None:
        self.size = model.architecture.size
        self._device = device
        self._precision = precision
        self._classes = torch.tensor(classes, device=device)
        self._all = [*classes] == [*range(model.classes)]
        # Convolutions run along colours, which pictures keep together anyway.
        self._model: SSD = model.to(device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]  # torch's stub lacks it
        if precision != torch.float32:
            for layer in self._model.modules():
                if isinstance(layer, nn.Conv2d):  # now, instead of in every call
                    layer.to(precision)
        self._find = partial(find, priors=model.priors, min_score=min_score, max_overlap=max_overlap, top_k=top_k)
        self._try()

    def find(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Finds]:
        """What is found in each of some pictures; all on the CPU.

        Args:
            pictures: RGB ``(size, size, 3)``, one at least.
        """
        offsets, scores = self._predict(np.stack(pictures))
        if not self._all:
            scores = scores[..., self._classes]
        finds = self._find(offsets, scores)
        return [Finds(one.boxes.cpu(), one.scores.cpu(), one.labels.cpu()) for one in finds]

    @torch.inference_mode()
    def _predict(self, pictures: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
        images = torch.from_numpy(pictures).to(self._device).permute(0, 3, 1, 2).float().div_(255)
        half = self._precision != torch.float32
        with torch.autocast(self._device.type, dtype=self._precision if half else None, enabled=half):
            offsets, logits = self._model(images)
        return offsets, self._model.scores(logits)

    def _try(self) -> None:
        """The first call is the slowest; it also tells whether the weights are any good."""
        offsets, scores = self._predict(np.full((1, self.size, self.size, 3), 127, np.uint8))
        if not (offsets.isfinite().all() and scores.isfinite().all()):
            raise PluginError(
                "With these weights the network predicts numbers that are not finite: its training had failed.",
                "Take weights of an earlier epoch, or set `precision: fp32`.",
            )
