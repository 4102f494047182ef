"""An evaluation as a page: the table, the curves, the worst mistakes as pictures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from instantreact_sdk.metrics import Curve, Mistake
from instantreact_sdk.report.contact_sheet import tile
from instantreact_sdk.report.self_contained import rendered, write_page
from instantreact_sdk.training.evaluation import Evaluation

_WRONG = 24
_MISSED = 12
_SIDE = 480
_QUALITY = 85
_POINTS = 200
"""Of a curve: more cannot be told apart on its 100 x 100 units."""

Edges = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """One mistake.

    Attributes:
        url: The picture, inside the page.
        name: Of the picture in its dataset.
        what: What is wrong, in words.
    """

    url: str
    name: str
    what: str


def write_evaluation_page(page: Path, evaluation: Evaluation) -> Path:
    """Write it, whole or not at all; pictures are inside, so that the page can be sent alone.

    Raises:
        InstantReactError: IR4020, it cannot be written.
    """
    parts = {
        "evaluation": evaluation,
        "voc": evaluation.voc,
        "coco": evaluation.coco,
        "curves": {name: _points(curve) for name, curve in evaluation.voc.curves.items() if curve.objects},
        "wrong": list(_wrong(evaluation)),
        "missed": list(_missed(evaluation)),
    }
    styles = [
        (files(f"instantreact_sdk.{room}") / "page" / name).read_text(encoding="utf-8")
        for room, name in (("report", "report.css"), ("training", "evaluation.css"))
    ]
    room = files("instantreact_sdk.training") / "page"
    return write_page(page, rendered(room, "evaluation.html.j2", parts, style="\n".join(styles)))


def _points(curve: Curve) -> str:
    """Of a polyline in 100 x 100 units, recall to the right and precision upwards."""
    if not len(curve.scores):
        return ""
    chosen = np.unique(np.linspace(0, len(curve.scores) - 1, _POINTS).round().astype(int))
    recall, precision = curve.recall, curve.precision
    return " ".join(f"{100 * recall[at]:.1f},{100 - 100 * precision[at]:.1f}" for at in chosen)


def _wrong(evaluation: Evaluation) -> Iterator[Picture]:
    classes = evaluation.dataset.classes
    for mistake in evaluation.mistakes[:_WRONG]:
        label = classes[mistake.label]
        boxes = [(f"{label} {mistake.score:.2f}", mistake.box)]
        what = f"{label} at {mistake.score:.2f}: {_in_words(mistake, evaluation)}"
        if mistake.object is not None:
            truth = evaluation.truth[mistake.image]
            boxes.append((f"is {classes[int(truth.labels[mistake.object])]}", _edges(truth.boxes[mistake.object])))
        yield _picture(evaluation, mistake.image, boxes, what)


def _in_words(mistake: Mistake, evaluation: Evaluation) -> str:
    match mistake.kind:
        case "duplicate":
            return "found before, by a surer detection"
        case "localisation":
            return f"its box overlaps the object's by {mistake.overlap:.2f} only"
        case "other class":
            assert mistake.object is not None
            label = int(evaluation.truth[mistake.image].labels[mistake.object])
            return f"it is {evaluation.dataset.classes[label]}"
    return "nothing of the kind is there"


def _missed(evaluation: Evaluation) -> Iterator[Picture]:
    """The largest objects that are not found: those that a person would have seen first."""
    verdicts, truth = evaluation.voc.verdicts, evaluation.truth
    rows = np.flatnonzero(verdicts.missed(evaluation.min_score or 0.0))
    places = [(image, row) for image, each in enumerate(truth) for row in range(len(each))]
    shares = [truth[image].areas[row] / (truth[image].width * truth[image].height) for image, row in places]
    for at in sorted(rows, key=lambda row: -shares[row])[:_MISSED]:
        image, row = places[at]
        label = evaluation.dataset.classes[int(truth[image].labels[row])]
        what = f"{label}, {100 * shares[at]:.1f} % of the picture"
        yield _picture(evaluation, image, [(label, _edges(truth[image].boxes[row]))], what)


def _edges(box: np.ndarray) -> Edges:
    left, top, right, bottom = box.tolist()
    return left, top, right, bottom


def _picture(evaluation: Evaluation, image: int, boxes: list[tuple[str, Edges]], what: str) -> Picture:
    import cv2

    sample = evaluation.dataset[image]
    drawn = tile(sample.image(), boxes, _SIDE)
    _, encoded = cv2.imencode(".jpg", drawn[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return Picture("data:image/jpeg;base64," + b64encode(encoded.tobytes()).decode(), sample.id, what)
