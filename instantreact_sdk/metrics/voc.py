"""Average precision by the rules of Pascal VOC."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from instantreact_sdk.metrics.curve import Curve
from instantreact_sdk.metrics.found import Found
from instantreact_sdk.metrics.verdicts import Verdicts, judge
from instantreact_sdk.types import Objects


@dataclass(frozen=True, slots=True, eq=False)
class VocResult:
    """How well a detector found what there was.

    Attributes:
        curves: One for each class, by its name, in the order of the classes.
        together: All detections of all classes in one. ``together.best`` has the one score for a detector that keeps
            detections by their score alone; frequent classes weigh more in it.
        verdicts: Each detection and what became of it.
    """

    curves: dict[str, Curve]
    together: Curve
    verdicts: Verdicts

    @property
    def mean_average_precision(self) -> float | None:
        """Of all classes that have objects; None where none has. A class of which nothing was found counts as 0."""
        return _mean(curve.average_precision for curve in self.curves.values())

    @property
    def mean_average_precision_11(self) -> float | None:
        """Likewise, of the 11-point average precision."""
        return _mean(curve.average_precision_11 for curve in self.curves.values())

    def plain(self) -> dict[str, Any]:
        """All but the curves' points, for JSON. The score is not rounded: it is that of a detection, to be kept."""
        return {
            "mean_average_precision": self.mean_average_precision,
            "mean_average_precision_11": self.mean_average_precision_11,
            **_figures(self.together),
            "classes": {
                name: {
                    "average_precision": curve.average_precision,
                    "average_precision_11": curve.average_precision_11,
                    **_figures(curve),
                }
                for name, curve in self.curves.items()
            },
        }


def score_voc(
    truth: Sequence[Objects], found: Sequence[Found], labels: Sequence[str], min_overlap: float = 0.5
) -> VocResult:
    """Score detections as Pascal VOC does; `judge` has the rules and their sources.

    Args:
        truth: The objects of each image; images without objects belong to it.
        found: The detections in each image, in the same order: all of them, however unsure.
        labels: The names of the classes, each once.
        min_overlap: Intersection over union from which on an object counts as found, in 0..1.

    Raises:
        InstantReactError: IR4011, there are not as many `found` as `truth`, or a label is none of `labels`.

    Example:
        >>> truth = Objects("000001", 353, 500, boxes=[[47, 239, 195, 371]], labels=[1])
        >>> found = Found(boxes=[[50, 240, 195, 370], [0, 0, 9, 9]], scores=[0.9, 0.4], labels=[1, 1])
        >>> score_voc([truth], [found], ["cat", "dog"]).plain()["classes"]["dog"]["average_precision"]
        1.0
    """
    verdicts = judge(truth, found, len(labels), min_overlap)
    curves = {name: Curve.of(verdicts, label) for label, name in enumerate(labels)}
    return VocResult(curves, Curve.of(verdicts), verdicts)


def _figures(curve: Curve) -> dict[str, Any]:
    best = curve.best
    return {
        "objects": curve.objects,
        "detections": len(curve.scores),
        "best": None
        if best is None
        else {"score": best.score, "precision": best.precision, "recall": best.recall, "f1": best.f1},
    }


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
