"""Results of real detectors beside their ground truth, as the metrics take them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from instantreact_sdk import Objects
from instantreact_sdk.metrics import Found

FIRST_AND_LAST_PIXEL_FROM_1 = np.array([1, 1, 0, 0])
"""What makes edges of VOC's boxes."""


class Results(NamedTuple):
    truth: list[Objects]
    found: list[Found]
    labels: list[str]
    expected: dict[str, Any]


def voc2007(folder: Path) -> Results:
    """All of VOC2007 test, with one detector's result files as VOC's server takes them."""
    annotations = json.loads((folder / "voc2007_test_annotations.json").read_text())
    expected = json.loads((folder / "expected_ap.json").read_text())["yolov2_tiny"]
    labels = [name for name in expected if name != "mAP"]
    rows: dict[str, list[list[float]]] = {image: [] for image in annotations}
    with zipfile.ZipFile(folder / "yolov2_tiny_detections.zip") as results:
        for label, name in enumerate(labels):
            for line in results.read(f"comp4_det_test_{name}.txt").decode().splitlines():
                image, *numbers = line.split()
                rows[image].append([label, *map(float, numbers)])
    tables = [np.array(each).reshape(-1, 6) for each in rows.values()]
    return Results(
        truth=[
            Objects(
                image,
                each["width"],
                each["height"],
                np.array([thing["bbox"] for thing in each["objects"]]) - FIRST_AND_LAST_PIXEL_FROM_1,
                [labels.index(thing["name"]) for thing in each["objects"]],
                [thing["difficult"] for thing in each["objects"]],
            )
            for image, each in annotations.items()
        ],
        found=[Found(table[:, 2:] - FIRST_AND_LAST_PIXEL_FROM_1, table[:, 1], table[:, 0]) for table in tables],
        labels=labels,
        expected=expected,
    )


def seven_images(folder: Path) -> Results:
    """Lines of ``label [score] x y width height``, the box reaching from pixel x to pixel x + width, both inside."""

    def edges(lines: list[list[str]]) -> np.ndarray:
        sides = np.array([line[-4:] for line in lines], float)
        return np.hstack([sides[:, :2], sides[:, :2] + sides[:, 2:] + 1])

    truth, found = [], []
    for file in sorted((folder / "groundtruths").glob("*.txt")):
        there = [line.split() for line in file.read_text().splitlines()]
        seen = [line.split() for line in (folder / "detections" / file.name).read_text().splitlines()]
        truth.append(Objects(file.stem, 200, 200, edges(there), [0] * len(there)))
        found.append(Found(edges(seen), [float(line[1]) for line in seen], [0] * len(seen)))
    return Results(truth, found, ["person"], {})


def coco100(folder: Path) -> Results:
    """100 images of COCO val2014 with the fake results of its own toolkit."""
    truth = json.loads((folder / "coco_val2014_100img_gt.json").read_text())
    results = json.loads((folder / "instances_val2014_fakebbox100_results.json").read_text())
    ids = [category["id"] for category in truth["categories"]]

    def rows(things: list[dict[str, Any]], image: int) -> tuple[list[list[float]], list[int], list[dict[str, Any]]]:
        mine = [thing for thing in things if thing["image_id"] == image]
        boxes = [[x, y, x + width, y + height] for x, y, width, height in (thing["bbox"] for thing in mine)]
        return boxes, [ids.index(thing["category_id"]) for thing in mine], mine

    objects, found = [], []
    for image in sorted(truth["images"], key=lambda each: each["id"]):  # COCO goes by them where scores are equal
        boxes, labels, mine = rows(truth["annotations"], image["id"])
        crowd, areas = [each["iscrowd"] for each in mine], [each["area"] for each in mine]
        objects.append(
            Objects(str(image["id"]), image["width"], image["height"], boxes, labels, crowd=crowd, areas=areas)
        )
        boxes, labels, mine = rows(results, image["id"])
        found.append(Found(boxes, [each["score"] for each in mine], labels))
    expected = json.loads((folder / "expected.json").read_text())["bbox"]
    return Results(objects, found, [category["name"] for category in truth["categories"]], expected)
