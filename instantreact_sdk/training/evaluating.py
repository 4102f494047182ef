"""Measuring any detector on labelled pictures."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from instantreact_sdk.datasets import Dataset, open_dataset
from instantreact_sdk.datasets.dataset import by_chance
from instantreact_sdk.datasets.needed import needed
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.interfaces import Detector, Progress
from instantreact_sdk.metrics import Found, score_coco, score_voc
from instantreact_sdk.registry import Registry, discover
from instantreact_sdk.training.calling import context_of, silent
from instantreact_sdk.training.evaluation import Evaluation
from instantreact_sdk.training.looking import Looked, look
from instantreact_sdk.training.options import checked
from instantreact_sdk.training.parts import absolute, inspect, part
from instantreact_sdk.training.result_folder import ready
from instantreact_sdk.types import Detections, ModelCard

_NAMED = 8
"""So many classes are named in a message."""


def evaluate(
    use: str,
    data: str,
    *,
    split: str = "test",
    options: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    limit: int | None = None,
    write_card: bool = False,
    progress: Progress = silent,
    registry: Registry | None = None,
) -> Evaluation:
    """Run a detector over labelled pictures as the pipeline would, and say how right it is.

    Labels are matched by name. Classes that the detector does not know count as never found; what it finds besides the dataset's
    classes is left out; the evaluation tells both.

    Args:
        use: The detector, ``ssd/ssd300`` or ``./blob.py:Blob``.
        data: The dataset, ``voc:FOLDER``, ``coco:FILE.json`` or ``yolo:FOLDER``.
        split: Of it; ``all`` for the whole.
        options: Of the detector. What is not set is as `Detector.evaluation` says, and else as by default.
        out: A folder for ``evaluation.json`` and ``report.html``, which shows the worst mistakes; needs the extra ``report``, too.
        limit: Only so many pictures, chosen by chance, the same ones each time.
        write_card: Whether to write the figures and the score of best F1 (``settings.min_score``) to the card of the weights that
            the option ``weights`` names.
        progress: Told how far it is.
        registry: The plugins; by default those that are installed.

    Raises:
        InstantReactError: The detector, its options or the data cannot be used (IR2, IR7), or it failed (IR4); IR6001 without
            the extra ``data``.
    """
    with needed("faster-coco-eval"):
        import faster_coco_eval  # noqa: F401  (said before the work, not after it)
    base = Path.cwd()
    choice = (registry or discover()).resolve("detector", use, base)
    if choice.spec.stateful:
        raise InstantReactError("IR7022", id=choice.id)
    model = choice.options_type()
    detector = choice.make(checked(model, options or {}, id=choice.id, base=base))
    assert isinstance(detector, Detector)
    settings = checked(model, {**detector.evaluation, **(options or {})}, id=choice.id, base=base)
    card = _card(choice.id, settings, base) if write_card else None
    if out is not None:
        _needs_of_a_page()
        ready(Path(out))

    address = absolute(data)
    dataset = _some(part(open_dataset(address), split), limit)
    name = f"{address}, split {split}"
    inspect(dataset, f"{name},", "evaluation", lambda done, total: progress(done, total, "looking at the data"))
    looked = look(
        choice, settings, dataset, context_of(choice, base), lambda done, total: progress(done, total, "detecting")
    )
    evaluation = _evaluation(choice.id, choice.plugin, name, settings.model_dump(mode="json"), dataset, looked)
    if out is not None:
        _write(Path(out), evaluation)
    if card:
        if _card(choice.id, settings, base) != card:
            problem = "it changed meanwhile, most likely as a training wrote better weights"
            raise InstantReactError("IR7024", id=choice.id, problem=problem, fix="Evaluate once the training is over.")
        _told(card, evaluation, split).write()
    return evaluation


def _some(dataset: Dataset, limit: int | None) -> Dataset:
    if limit is None or limit >= len(dataset):
        return dataset
    chosen = sorted(dataset.ids, key=lambda name: by_chance(name, 0))[:limit]
    return Dataset(dataset.form, ids=sorted(chosen))


def _evaluation(
    component: str, plugin: str, name: str, options: dict[str, Any], dataset: Dataset, looked: Looked
) -> Evaluation:
    classes = dataset.classes
    places = np.array([classes.index(label) if label in classes else -1 for label in looked.labels], np.int64)
    if (places < 0).all():
        raise InstantReactError(
            "IR7023", id=component, data=dataset.form, labels=_few(looked.labels), classes=_few(classes)
        )
    unknown: Counter[str] = Counter()
    found = []
    for detections, truth in zip(looked.found, looked.truth, strict=True):
        known = places[detections.labels] >= 0
        unknown.update(looked.labels[label] for label in detections.labels[~known])
        kept = detections.pick(known)
        kept = Detections(kept.boxes, kept.scores, places[kept.labels])
        found.append(Found.of(kept, truth.width, truth.height))
    asked = {int(label) for each in looked.truth for label in each.labels}
    return Evaluation(
        component=component,
        plugin=plugin,
        name=name,
        options=options,
        dataset=dataset,
        truth=looked.truth,
        found=tuple(found),
        voc=score_voc(looked.truth, found, classes),
        coco=score_coco(looked.truth, found, classes),
        left_out=dict(unknown.most_common()),
        never=tuple(classes[label] for label in sorted(asked) if classes[label] not in looked.labels),
        seconds=looked.seconds,
    )


def _few(names: Sequence[str]) -> str:
    if not names:
        return "nothing"
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return listed([*names[:_NAMED], *more], "and")


def _card(id: str, settings: Any, base: Path) -> ModelCard:  # noqa: A002  (what everyone calls it)
    """That of the weights which the detector's option names."""
    weights = getattr(settings, "weights", None)
    if not isinstance(weights, str | Path) or not (base / weights).exists():
        problem = "its options name no file of weights and no folder of a run"
        raise InstantReactError("IR7024", id=id, problem=problem, fix="Set its option `weights`.")
    return ModelCard.read(base / weights)


def _told(card: ModelCard, evaluation: Evaluation, split: str) -> ModelCard:
    figures = {f"{split} {name}": figure for name, figure in evaluation.metrics.items()}
    settings = {} if evaluation.min_score is None else {"min_score": evaluation.min_score}
    return replace(card, metrics={**card.metrics, **figures}, settings={**card.settings, **settings})


def _needs_of_a_page() -> None:
    with needed("opencv-python-headless", "report"):
        import cv2  # noqa: F401  (said before the work, not after it)


def _write(out: Path, evaluation: Evaluation) -> None:
    from instantreact_sdk.training.evaluation_page import write_evaluation_page

    path = out / "evaluation.json"
    try:
        path.write_text(json.dumps(evaluation.plain(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise InstantReactError("IR4020", path=path, problem=error.strerror or error) from error
    write_evaluation_page(out / "report.html", evaluation)
