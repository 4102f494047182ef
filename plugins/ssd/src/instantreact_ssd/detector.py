"""The detectors; torch is imported by the first one that is opened."""

from __future__ import annotations

import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from instantreact_sdk import Context, Detections, Detector, Frame, ModelCard, PluginError
from instantreact_ssd.labels import COCO_90
from instantreact_ssd.options import COCO, EVALUATION, MIN_SCORE, DetectorOptions

if TYPE_CHECKING:
    from instantreact_ssd.predicting import Predictor
    from instantreact_ssd.weights import LoadedWeights

_SHOWN = 20


class SSDDetector(Detector):
    """A Single Shot MultiBox Detector with trained weights (Liu et al. 2016, arXiv 1512.02325).

    It looks at the picture in one size, whatever its shape. All frames of a call are one batch.

    Attributes:
        component: The id of its spec; weights have to be for it.
        size: Width and height in pixels of what it looks at, unless its weights say otherwise.

    Args:
        options: The weights, and what of their predictions is kept.
    """

    component: ClassVar[str]
    size: ClassVar[int]
    batch_size = 8
    evaluation = EVALUATION

    def __init__(self, options: DetectorOptions) -> None:
        self.options = options
        self.input_size: tuple[int, int] = (self.size, self.size)
        self._labels: tuple[str, ...] = ()
        self._predictor: Predictor | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """What the weights know, in their order, or those of it that `classes` asks for."""
        return self._labels

    def known_labels(self, base: Path) -> tuple[str, ...] | None:
        """Those of COCO, or from the card beside the weights; None where there is none, as beside those that others trained."""
        path = self._path(base)
        if self.options.weights == COCO:
            labels = COCO_90
        elif path.is_file() and not path.with_suffix(".json").exists():
            return None
        else:
            labels = self._fitting(ModelCard.read(path)).labels
        return tuple(labels[number] for number in self._wanted(labels))

    def open(self, context: Context) -> None:
        """Load the weights, and look at one picture.

        Raises:
            InstantReactError: The weights, the device or one of the labels is not there, or the weights are for another detector.
        """
        from instantreact_ssd.hardware import choose_device, choose_precision
        from instantreact_ssd.predicting import Predictor

        device = choose_device(self.options.device)
        loaded = self._load(context.base)
        card = self._fitting(loaded.card)
        wanted = self._wanted(card.labels)
        self._predictor = Predictor(
            loaded.model,
            wanted,
            device=device,
            precision=choose_precision(self.options.precision, device),
            min_score=self._min_score(card),
            max_overlap=self.options.max_overlap,
            top_k=self.options.top_k,
        )
        self.input_size = (self._predictor.size, self._predictor.size)
        self._labels = tuple(card.labels[number] for number in wanted)

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """What is found in each frame, surest first."""
        if not frames:
            return []
        assert self._predictor is not None, "open() comes first"
        width, height = self.input_size
        finds = self._predictor.find([frame.resized(width, height) for frame in frames])
        return [Detections(one.boxes.numpy(), one.scores.numpy(), one.labels.numpy()) for one in finds]

    def close(self) -> None:
        """Let go of the network."""
        self._predictor = None

    def _load(self, base: Path) -> LoadedWeights:
        if self.options.weights == COCO:
            from instantreact_ssd.pretrained import coco

            return coco(self.component.partition("/")[2])
        from instantreact_ssd.weights import load_weights

        return load_weights(self._path(base))

    def _path(self, base: Path) -> Path:
        return base / os.path.expanduser(self.options.weights)  # noqa: PTH111  (pathlib raises for unknown users)

    def _fitting(self, card: ModelCard) -> ModelCard:
        if card.component != self.component:
            raise PluginError(
                f"{card.weights} holds weights of {card.component}, not of {self.component}.",
                f"Write `use: {card.component}`, or take other weights.",
            )
        return card

    def _wanted(self, labels: Sequence[str]) -> list[int]:
        """Numbers of the labels to look for, in the order of the weights."""
        wanted = self.options.classes if self.options.classes is not None else labels
        for label in wanted:
            if label not in labels:
                near = get_close_matches(label, labels, n=1)
                fix = f"Did you mean '{near[0]}'?" if near else f"They know {', '.join(labels[:_SHOWN])}."
                raise PluginError(f"`classes` asks for '{label}', which the weights do not know.", fix)
        return [number for number, label in enumerate(labels) if label in wanted]

    def _min_score(self, card: ModelCard) -> float:
        if self.options.min_score != "auto":
            return self.options.min_score
        found = card.settings.get("min_score")
        return found if isinstance(found, float) and 0 <= found <= 1 else MIN_SCORE


class SSD300(SSDDetector):
    """At 300 x 300 pixels: the reference."""

    component = "ssd/ssd300"
    size = 300


class SSD512(SSDDetector):
    """At 512 x 512 pixels: slower, and better at small objects."""

    component = "ssd/ssd512"
    size = 512


class SSDLite320(SSDDetector):
    """At 320 x 320 pixels, for small machines."""

    component = "ssd/ssdlite320"
    size = 320
