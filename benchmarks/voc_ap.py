"""How fast VOC's average precision is computed, against a plain loop over each class's detections.

Usage: python benchmarks/voc_ap.py [FOLDER] [--repeats N]

FOLDER holds all of VOC2007 test as one JSON file, a detector's 20 result files zipped, and the figures that two evaluators of
others made of them. Both sides start from arrays in memory and run in turns. The plain one does what evaluators of
VOC usually do: for each class sort the detections, then for each detection compare it with the objects of its image.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instantreact_sdk import Objects
from instantreact_sdk.metrics import Found, score_voc

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "metrics" / "voc2007_test"
LIMIT = 5.0
Floats = NDArray[np.float64]
Figures = dict[str, tuple[float, float]]
"""Of each class, over all points and over eleven."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DATA)
    parser.add_argument("--repeats", type=int, default=5)
    chosen = parser.parse_args()
    if not chosen.folder.is_dir():
        print(f"skipped: there is no {chosen.folder}")
        return 0
    annotations = json.loads((chosen.folder / "voc2007_test_annotations.json").read_text())
    expected = json.loads((chosen.folder / "expected_ap.json").read_text())["yolov2_tiny"]
    labels = [name for name in expected if name != "mAP"]
    results = {name: read(chosen.folder / "yolov2_tiny_detections.zip", name) for name in labels}
    truth = [objects(image, each, labels) for image, each in annotations.items()]
    found = list(sightings(results, labels, list(annotations)))

    sides: tuple[Callable[[], Figures], ...] = (lambda: ours(truth, found, labels), lambda: plain(annotations, results))
    seconds: tuple[list[float], ...] = ([], [])
    apart = 0.0
    for _ in range(chosen.repeats):
        for side, times in zip(sides, seconds, strict=True):
            start = time.perf_counter()
            figures = side()
            times.append(time.perf_counter() - start)
            apart = max(apart, furthest(figures, expected))
    mine, theirs = (statistics.median(times) for times in seconds)
    print(f"{sum(map(len, found))} detections and {sum(map(len, truth))} objects in {len(truth)} images")
    print(f"instantreact_sdk.metrics {mine:6.2f} s   (limit: {LIMIT:g} s, {'met' if mine <= LIMIT else 'MISSED'})")
    print(f"a plain loop            {theirs:6.2f} s   {theirs / mine:.1f}x as long")
    print(
        f"furthest from the expected average precisions: {apart:.1e}  (limit: 1e-5, {'met' if apart <= 1e-5 else 'MISSED'})"
    )
    return int(mine > LIMIT or apart > 1e-5)


def furthest(figures: Figures, expected: dict[str, Any]) -> float:
    theirs = {
        name: (float(each["ap_area"]), float(each["ap_voc07_11pt"]))
        for name, each in expected.items()
        if name in figures
    }
    return max(abs(mine - other) for name in figures for mine, other in zip(figures[name], theirs[name], strict=True))


def read(archive: Path, name: str) -> tuple[list[str], Floats]:
    """Images, and rows of score and box."""
    with zipfile.ZipFile(archive) as results:
        lines = [line.split() for line in results.read(f"comp4_det_test_{name}.txt").decode().splitlines()]
    return [line[0] for line in lines], np.array([line[1:] for line in lines], float)


def objects(image: str, annotation: dict[str, Any], labels: list[str]) -> Objects:
    things = annotation["objects"]
    return Objects(
        image,
        annotation["width"],
        annotation["height"],
        np.array([thing["bbox"] for thing in things]) - [1, 1, 0, 0],
        [labels.index(thing["name"]) for thing in things],
        [thing["difficult"] for thing in things],
    )


def sightings(results: dict[str, tuple[list[str], Floats]], labels: list[str], images: list[str]) -> list[Found]:
    rows: dict[str, list[tuple[float, ...]]] = {image: [] for image in images}
    for name, (where, numbers) in results.items():
        for image, row in zip(where, numbers.tolist(), strict=True):
            rows[image].append((labels.index(name), *row))
    tables = (np.array(each).reshape(-1, 6) for each in rows.values())
    return [Found(table[:, 2:] - [1, 1, 0, 0], table[:, 1], table[:, 0]) for table in tables]


def ours(truth: list[Objects], found: list[Found], labels: list[str]) -> Figures:
    curves = score_voc(truth, found, labels).curves
    return {name: (curve.average_precision or 0, curve.average_precision_11 or 0) for name, curve in curves.items()}


def plain(annotations: dict[str, Any], results: dict[str, tuple[list[str], Floats]]) -> Figures:
    return {name: one_class(annotations, name, *rows) for name, rows in results.items()}


def one_class(annotations: dict[str, Any], name: str, images: list[str], rows: Floats) -> tuple[float, float]:
    things = {
        image: [thing for thing in each["objects"] if thing["name"] == name] for image, each in annotations.items()
    }
    boxes = {image: np.array([thing["bbox"] for thing in each], float) for image, each in things.items() if each}
    wanted = sum(not thing["difficult"] for each in things.values() for thing in each)
    taken: set[tuple[str, int]] = set()
    right: list[bool] = []
    for row in np.argsort(-rows[:, 0], kind="stable"):
        image, box = images[row], rows[row, 1:]
        most = -1.0
        if image in boxes:
            there = boxes[image]
            sides = np.minimum(there[:, 2:], box[2:]) - np.maximum(there[:, :2], box[:2]) + 1
            shared = np.maximum(sides, 0).prod(axis=1)
            areas = (there[:, 2:] - there[:, :2] + 1).prod(axis=1) + (box[2:] - box[:2] + 1).prod()
            ratios = shared / (areas - shared)
            at = int(ratios.argmax())
            most = float(ratios[at])
        if most < 0.5:
            right.append(False)
        elif not things[image][at]["difficult"]:
            right.append((image, at) not in taken)
            taken.add((image, at))
    hits = np.cumsum(right)
    recall, precision = hits / wanted, hits / np.arange(1, len(hits) + 1)
    eleven = [float(precision[recall >= level].max(initial=0)) for level in np.arange(11) * 0.1]
    steps = np.concatenate([[0], recall, [1]])
    heights = np.maximum.accumulate(np.concatenate([[0], precision, [0]])[::-1])[::-1]
    return float((np.diff(steps) * heights[1:]).sum()), sum(eleven) / 11


if __name__ == "__main__":
    sys.exit(main())
