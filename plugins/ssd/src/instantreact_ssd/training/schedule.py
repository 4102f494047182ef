"""How the learning rate changes from step to step."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi
from typing import Literal

LEAST = 0.01
"""What is left of the rate at the end of a cosine."""

_DROPS = (4, 5)
"""Sixths of the steps after which the rate falls to a tenth: 40k and 50k of the paper's 60k steps (section 3.1)."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Factors of the learning rate.

    Args:
        kind: What follows the warm-up.
        steps: Of the whole training.
        warm_up: Steps of a linear rise; at most a tenth of `steps` are used.
    """

    kind: Literal["cosine", "multi-step"]
    steps: int
    warm_up: int = 0

    def __call__(self, step: int) -> float:
        """The factor, in 0..1, of the step with this number, from 0.

        It is a function of nothing but the number, so a training that is taken up again needs no memory of it.
        """
        warm_up = min(self.warm_up, self.steps // 10)
        if step < warm_up:
            return (step + 1) / (warm_up + 1)
        if self.kind == "multi-step":
            return float(0.1 ** sum(6 * step >= drop * self.steps for drop in _DROPS))
        done = (step - warm_up) / max(self.steps - 1 - warm_up, 1)
        return LEAST + (1 - LEAST) * (1 + cos(pi * min(done, 1))) / 2
