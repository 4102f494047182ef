"""What pictures without objects teach a detector of people."""

from __future__ import annotations

import json
import shutil
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from instantreact_sdk import evaluate, open_dataset, train

WEIGHTS = "weights/vgg16_features_torchvision_layout.npz"
COUNT = 200
EPOCHS = 12
RECALLS = (0.3, 0.4, 0.5)
ALONE, MIXED = "people", "people-and-animals"


def background(data: Path, out: Path, seeds: int) -> bool:
    """Train with and without such pictures, and tell the false alarms of both; whether there are more with them."""
    dataset = f"coco:{people(data, out / 'people')}"
    sides = {ALONE: (COUNT, EPOCHS), MIXED: (2 * COUNT, EPOCHS // 2)}
    counts: dict[str, list[list[float]]] = {side: [] for side in sides}
    for seed in range(seeds):
        for side, (_, epochs) in sides.items():
            kept = out / f"{side}-{seed}.json"
            if not kept.exists():
                kept.write_text(json.dumps(false_alarms(dataset, data, out / f"{side}-{seed}", side, epochs, seed)))
            counts[side].append(json.loads(kept.read_text()))
    means = {side: [statistics.mean(column) for column in zip(*each, strict=True)] for side, each in counts.items()}
    print(f"\nFalse alarms in 100 pictures without people, where so many of the people are found ({seeds} seeds)")
    print("| trained on | pictures x epochs | " + " | ".join(f"{recall:.0%} found" for recall in RECALLS) + " |")
    print("|---|---|" + "---|" * len(RECALLS))
    for side, (pictures, epochs) in sides.items():
        print(f"| {side} | {pictures} x {epochs} | " + " | ".join(f"{mean:.1f}" for mean in means[side]) + " |")
    return any(less >= more for less, more in zip(means[MIXED], means[ALONE], strict=True))


def false_alarms(dataset: str, data: Path, out: Path, pictures: str, epochs: int, seed: int) -> list[float]:
    """Train on so many pictures, and count what is seen in pictures without people at each of `RECALLS`."""
    lists = out.parent / "people"
    options = {"epochs": epochs, "seed": seed, "base_weights": str(data / WEIGHTS)}
    train("ssd/ssd300", dataset, split=str(lists / f"{pictures}.txt"), validation="none", out=out, options=options)
    result = evaluate("ssd/ssd300", dataset, split=str(lists / "test.txt"), options={"weights": str(out)})
    empty = [found for truth, found in zip(result.truth, result.found, strict=True) if not len(truth)]
    scores = np.concatenate([found.scores for found in empty])
    curve = result.voc.together
    alarms = []
    for recall in RECALLS:
        reached = np.flatnonzero(curve.recall >= recall)
        least = curve.scores[reached[0]] if len(reached) else 0.0  # not reached: all that was found counts
        alarms.append(100 * float((scores >= least).sum()) / len(empty))
    return alarms


def people(data: Path, folder: Path) -> Path:
    """Write a dataset of people alone, in COCO's form, with lists of the same pictures of people with and without ones of animals."""
    source = open_dataset(f"voc:{data / 'detection/voc2012_animals'}")
    person = source.classes.index("person")
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    seen: dict[tuple[str, bool], list[str]] = defaultdict(list)
    folder.mkdir(parents=True, exist_ok=True)
    for split in ("train", "val"):
        for sample in source.split(split):
            objects = sample.objects()
            name = sample.path.name
            shutil.copyfile(sample.path, folder / name)
            images.append({"id": len(images) + 1, "file_name": name, "width": objects.width, "height": objects.height})
            boxes = objects.boxes[objects.labels == person]
            for left, top, right, bottom in boxes.tolist():
                sides = right - left, bottom - top
                annotations.append(
                    {
                        "id": len(annotations) + 1,
                        "image_id": len(images),
                        "category_id": 1,
                        "iscrowd": 0,
                        "area": sides[0] * sides[1],
                        "bbox": [left, top, *sides],
                    }
                )
            seen[split, len(boxes) > 0].append(name)
    alone, animals = seen["train", True][:COUNT], seen["train", False][:COUNT]
    lists = {ALONE: alone, MIXED: alone + animals, "test": seen["val", True] + seen["val", False]}
    file = folder / "people.json"
    file.write_text(
        json.dumps({"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "person"}]})
    )
    ids = {sample.path.name: sample.id for sample in open_dataset(f"coco:{file}")}
    for name, names in lists.items():
        (folder / f"{name}.txt").write_text("".join(f"{ids[each]}\n" for each in names))
    return file
