"""What a training looked like, as pictures in the folder of a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from instantreact_sdk import Objects
from instantreact_sdk.datasets import Sample
from instantreact_ssd.finding import Finds
from instantreact_ssd.training.finder import Search
from instantreact_ssd.training.history import Epoch
from instantreact_ssd.whole import whole

_ROWS, _COLUMNS = 3, 4

MOST = _ROWS * _COLUMNS
"""Pictures on a sheet of samples."""

_THERE, _FOUND = "lime", "red"


def draw_curves(history: Sequence[Epoch], path: Path) -> None:
    """The parts of the loss, the average precision and the learning rate over the epochs."""
    figure = Figure(figsize=(8, 9), layout="constrained")
    losses, precision, rate = figure.subplots(3, 1, sharex=True)
    numbers = [epoch.epoch for epoch in history]
    for name in ("loss", "localization", "classification"):
        losses.plot(numbers, [getattr(epoch, name) for epoch in history], label=name)
    losses.set_ylabel("loss")
    losses.set_ylim(bottom=0)
    losses.legend()
    for name, label in (("voc_map", "all points"), ("voc_map_11", "11 points")):
        known = [(epoch.epoch, getattr(epoch, name)) for epoch in history if getattr(epoch, name) is not None]
        precision.plot([number for number, _ in known], [value for _, value in known], marker=".", label=label)
    precision.set_ylabel("VOC mAP on validation")
    precision.set_ylim(0, 1)
    precision.legend()
    rate.plot(numbers, [epoch.learning_rate for epoch in history])
    rate.set_ylabel("learning rate")
    rate.set_xlabel("epoch")
    _save(figure, path)


def draw_search(search: Search, chosen: float, path: Path) -> None:
    """The loss over the learning rates that were tried, and which was taken."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(search.rates, search.losses)
    axes.axvline(chosen, color=_FOUND, label=f"{chosen:.1e}")
    axes.set_xscale("log")
    axes.set_xlabel("learning rate")
    axes.set_ylabel("loss, smoothed")
    axes.legend()
    _save(figure, path)


def draw_samples(
    samples: Sequence[Sample],
    truth: Sequence[Objects],
    finds: Sequence[Finds],
    labels: Sequence[str],
    min_score: float,
    path: Path,
) -> None:
    """Pictures with what is there, in green, and what was found, in red with its score.

    Args:
        samples: The first `MOST` are drawn.
        truth: What is in them.
        finds: What was found in them.
        labels: Names of the classes.
        min_score: Finds that score less are left out.
        path: The PNG.
    """
    figure = Figure(figsize=(4 * _COLUMNS, 3.2 * _ROWS))
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.01, top=0.97, wspace=0.02, hspace=0.1)
    places: list[Axes] = list(figure.subplots(_ROWS, _COLUMNS).flat)
    for axes in places:
        axes.set_axis_off()
    for axes, sample, objects, found in zip(places, samples, truth, finds, strict=False):
        axes.imshow(sample.image())
        axes.set_title(sample.id, fontsize=8)
        for box, label in zip(objects.boxes, objects.labels, strict=True):
            _draw_box(axes, box.tolist(), _THERE, labels[label])
        sides = [objects.width, objects.height] * 2
        for edges, score, label in zip(found.boxes.tolist(), found.scores.tolist(), found.labels.tolist(), strict=True):
            if score >= min_score:
                box = [edge * side for edge, side in zip(edges, sides, strict=True)]
                _draw_box(axes, box, _FOUND, f"{labels[label]} {score:.2f}")
    _save(figure, path)


def _draw_box(axes: Axes, box: Sequence[float], color: str, text: str) -> None:
    left, top, right, bottom = box
    axes.add_patch(Rectangle((left, top), right - left, bottom - top, fill=False, edgecolor=color))
    under = color == _THERE
    axes.text(
        left, bottom if under else top, text, color=color, fontsize=6, va="top" if under else "bottom", clip_on=True
    )


def _save(figure: Figure, path: Path) -> None:
    # A canvas of its own: pyplot would keep the figure, and choose a window system.
    with whole(path) as file:
        FigureCanvasAgg(figure).print_png(file)  # type: ignore[no-untyped-call]  # matplotlib says no types
