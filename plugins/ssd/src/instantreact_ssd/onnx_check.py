"""Whether an exported file gives what the weights give."""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from instantreact_ssd.network import SSD

# It would report its use over the network.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime  # type: ignore[import-untyped]  # it has no types

Numbers = NDArray[np.floating]

TOLERANCE = 1e-4
"""By how much an output may differ: absolutely where it is below 1, else by that part of it."""

_ROUNDING = 3
_MOST = 1e-2
"""Networks that were hardly trained may amplify rounding beyond the tolerance: torch is that far from itself with twice the digits.
Then so many times that distance is allowed, but never more than this."""

_ERRORS_ONLY = 3


def largest_difference(file: Path, model: SSD) -> tuple[float, float]:
    """Run both on the same pictures, one alone and several at once.

    Args:
        file: In ONNX.
        model: On the CPU, in float32, in the mode for detecting.

    Returns:
        The largest difference of any output, infinity where one is no number or of another shape; and what is allowed, which
        is `TOLERANCE` for networks that were trained.
    """
    settings = onnxruntime.SessionOptions()
    settings.log_severity_level = _ERRORS_ONLY
    settings.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(file, settings, providers=["CPUExecutionProvider"])
    worst, allowed = 0.0, TOLERANCE
    for images in _pictures(model.architecture.size):
        expected = _outputs(model, images)
        given = session.run(["offsets", "logits", "priors"], {"images": images.numpy()})
        difference = max(map(_difference, given, expected))
        if difference > allowed:
            exact = _outputs(deepcopy(model).double(), images.double())
            own = max(map(_difference, expected, exact))
            allowed = max(allowed, min(_ROUNDING * own, _MOST))
        worst = max(worst, difference)
    return worst, allowed


def _outputs(model: SSD, images: Tensor) -> list[Numbers]:
    with torch.inference_mode():
        return [each.numpy() for each in (*model(images), model.priors)]


def _difference(given: Numbers, right: Numbers) -> float:
    if given.shape != right.shape:
        return float("inf")
    with np.errstate(invalid="ignore"):
        found = float((np.abs(given - right) / np.maximum(1, np.abs(right))).max())
    return found if np.isfinite(found) else float("inf")


def _pictures(size: int) -> Iterator[Tensor]:
    """Noise, in which neighbours have nothing to do with each other; then shapes over shades, and what cameras see by night and too much light."""
    chance = torch.Generator().manual_seed(0)
    noise = torch.rand(1, 3, size, size, generator=chance)
    ramp = torch.linspace(0, 1, size)
    shades = torch.stack([ramp.expand(size, size), ramp[:, None].expand(size, size), 1 - ramp.expand(size, size)])
    shapes = shades.clone()
    for number in range(8):
        top, left = (int(torch.randint(size * 3 // 4, (1,), generator=chance)) for _ in "yx")
        shapes[:, top : top + size // 4, left : left + size // (2 + number)] = torch.rand(3, 1, 1, generator=chance)
    yield noise
    yield torch.stack([shapes, torch.zeros_like(shades), torch.ones_like(shades)])
