"""Precision and recall, and the figures that sum them up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instantreact_sdk.metrics.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class Threshold:
    """A score from which on detections are believed, and how right that is.

    Attributes:
        score: Detections of this score or a higher are believed.
        precision: The share of them that are right, in 0..1.
        recall: The share of the objects that they find, in 0..1.
        f1: The harmonic mean of the two.
    """

    score: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """How precision falls and recall grows as less sure detections are believed, too.

    Attributes:
        scores: float64 ``(n,)``, falling: of the detections that count as right or wrong.
        hits: bool ``(n,)``: which are right.
        objects: How many objects have to be found.
    """

    scores: NDArray[np.float64]
    hits: NDArray[np.bool_]
    objects: int

    @classmethod
    def of(cls, verdicts: Verdicts, label: int | None = None) -> Curve:
        """Of one class, or of all together where `label` is None."""
        counting, asked = ~verdicts.ignored, verdicts.asked
        if label is not None:
            counting = counting & (verdicts.labels == label)
            asked = asked & (verdicts.asked_labels == label)
        return cls(verdicts.scores[counting], verdicts.hits[counting], int(asked.sum()))

    @property
    def precision(self) -> NDArray[np.float64]:
        """float64 ``(n,)``: the share of the first 1, 2, ... n detections that is right."""
        return self.hits.cumsum() / np.arange(1, len(self.hits) + 1)

    @property
    def recall(self) -> NDArray[np.float64]:
        """float64 ``(n,)``: the share of the objects that the first 1, 2, ... n detections find; 0 where there are none."""
        return self.hits.cumsum() / max(self.objects, 1)

    @property
    def average_precision(self) -> float | None:
        """The area under the curve, precision being the best at that recall or a higher; None without objects.

        The VOC devkit's since 2010 (VOCap.m).
        """
        if not self.objects:
            return None
        return float(self._best_from_here()[self.hits].sum() / self.objects)  # recall grows by 1 / objects a hit

    @property
    def average_precision_11(self) -> float | None:
        """The mean of the best precision at a recall of at least 0, .1, ... 1; None without objects.

        VOC2007's (Everingham et al. 2010, section 4.2). The eleven recalls are multiples of .1 in floating point, so
        that finding 3 of 10 objects is not yet a recall of 3 times .1: published figures were computed so, and exact
        fractions would differ from them by up to 1/11 of a precision.
        """
        if not self.objects:
            return None
        best = np.append(self._best_from_here(), 0.0)
        return float(best[np.searchsorted(self.recall, 0.1 * np.arange(11))].mean())

    @property
    def best(self) -> Threshold | None:
        """The score of highest F1, the higher of equals; None where no detection is right.

        Detections of equal score are believed or not together: the order among them changes nothing here.
        """
        last = np.flatnonzero(np.append(self.scores[1:] != self.scores[:-1], True)[: len(self.scores)])
        found = self.hits.cumsum()[last]
        if not found.any():
            return None
        f1 = 2 * found / (last + 1 + self.objects)
        at = int(f1.argmax())
        right, believed = int(found[at]), int(last[at]) + 1
        return Threshold(float(self.scores[last[at]]), right / believed, right / self.objects, float(f1[at]))

    def _best_from_here(self) -> NDArray[np.float64]:
        return np.maximum.accumulate(self.precision[::-1])[::-1]
