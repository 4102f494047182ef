"""How good a detector is on labelled pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from instantreact_sdk.datasets import Dataset
from instantreact_sdk.metrics import MISTAKE_KINDS, CocoResult, Found, Mistake, VocResult, find_mistakes
from instantreact_sdk.types import Objects


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a detector found in labelled pictures, and how right that is.

    Attributes:
        component: The detector, ``ssd/ssd300``.
        plugin: Who brings it, with version.
        name: Of the dataset and its split, for people.
        options: All of the detector's, as JSON has them; secrets are not shown.
        dataset: The pictures.
        truth: What is in each of them.
        found: What the detector found there, with the dataset's labels.
        voc: Pascal VOC's figures.
        coco: COCO's.
        left_out: Labels of the detector that the dataset does not have, with how many detections of them were left out.
        never: Classes of the dataset that the detector does not know: their objects count as not found.
        seconds: That the detector took.
    """

    component: str
    plugin: str
    name: str
    options: Mapping[str, Any]
    dataset: Dataset
    truth: tuple[Objects, ...]
    found: tuple[Found, ...]
    voc: VocResult
    coco: CocoResult
    left_out: Mapping[str, int]
    never: tuple[str, ...]
    seconds: float

    @property
    def min_score(self) -> float | None:
        """The score of best F1: what a detector that keeps detections by their score alone should ask for."""
        best = self.voc.together.best
        return None if best is None else best.score

    @property
    def pictures_per_second(self) -> float:
        """How fast the detector is; reading the pictures is not in it."""
        return len(self.truth) / self.seconds if self.seconds else 0.0

    @cached_property
    def mistakes(self) -> list[Mistake]:
        """Wrong detections at `min_score` or above, the surest first."""
        return find_mistakes(self.truth, self.voc.verdicts, self.min_score or 0.0)

    @property
    def kinds(self) -> dict[str, int]:
        """How many mistakes there are of each kind, and how many objects are not found at `min_score`."""
        counted = Counter(mistake.kind for mistake in self.mistakes)
        missed = int(self.voc.verdicts.missed(self.min_score or 0.0).sum())
        return {**{kind: counted[kind] for kind in MISTAKE_KINDS}, "missed": missed}

    @property
    def confusions(self) -> list[tuple[str, str, int]]:
        """What was taken for what, and how often: ``("dog", "cat", 3)``, the most frequent first."""
        classes = self.dataset.classes
        counted = Counter(
            (classes[int(self.truth[mistake.image].labels[mistake.object])], classes[mistake.label])
            for mistake in self.mistakes
            if mistake.kind == "other class" and mistake.object is not None
        )
        return [(was, said, count) for (was, said), count in counted.most_common()]

    @property
    def metrics(self) -> dict[str, float]:
        """The main figures, flat, for a card; what cannot be told is left out."""
        figures = {
            "VOC mAP": self.voc.mean_average_precision,
            "VOC mAP 11-point": self.voc.mean_average_precision_11,
            "COCO AP": self.coco.figures["AP"],
        }
        return {name: figure for name, figure in figures.items() if figure is not None}

    def plain(self) -> dict[str, Any]:
        """All figures, as JSON-able values."""
        return {
            "component": self.component,
            "plugin": self.plugin,
            "data": self.name,
            "options": dict(self.options),
            "pictures": len(self.truth),
            "objects": self.voc.together.objects,
            "pictures_per_second": self.pictures_per_second,
            "left_out": dict(self.left_out),
            "never": list(self.never),
            "voc": self.voc.plain(),
            "coco": {**self.coco.figures, "classes": dict(self.coco.classes)},
            "mistakes": self.kinds,
            "confusions": [{"class": was, "taken_for": said, "count": count} for was, said, count in self.confusions],
        }
