"""SSD300 trained on blood cells, ours beside torchvision's: how well, how fast, and what pictures without objects teach.

Usage: python benchmarks/ssd_training.py [--epochs N] [--seeds N] [--out FOLDER] [--only quality | background]

Both start from the same thirteen convolutions of VGG16, see the same pictures as often, in batches of 8, on the CPU in bf16, and
take turns seed by seed. Each trains as its own recipe has it: torchvision's SGD at a constant rate (`training/torchvision_ssd.py`); ours as
`instantreact-sdk train` does it when nothing is set. What counts is the last epoch of each, so that nothing is chosen by the pictures
of the test. A machine with two cores takes an hour and a half; what was measured is kept in FOLDER, and a broken run goes on there.

The second part trains detectors of people, on pictures with people alone, and on as many steps with pictures without people among
them, and counts what each sees in pictures without people when both find the same share of people.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path
from typing import Any

from training.background import background
from training.torchvision_ssd import TorchvisionSSD

from instantreact_sdk import open_dataset, train
from instantreact_sdk.metrics import score_voc

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
WEIGHTS = "weights/vgg16_features_torchvision_layout.npz"
BATCH = 8
STUDENT = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78}
"""Of Student's distribution, by degrees of freedom: 95 % lies within so many standard errors."""
Row = dict[str, Any]
"""``epoch``, ``images_per_second``, ``map``, ``map_11``."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("ssd-training"))
    parser.add_argument("--only", choices=["quality", "background"])
    chosen = parser.parse_args()
    if not chosen.data.is_dir():
        print(f"skipped: there is no {chosen.data}")
        return 0
    chosen.out.mkdir(parents=True, exist_ok=True)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.processor() or platform.machine()}", flush=True)
    missed = False
    if chosen.only != "background":
        missed |= quality(chosen.data, chosen.out, chosen.epochs, chosen.seeds)
    if chosen.only != "quality":
        missed |= background(chosen.data, chosen.out, chosen.seeds)
    return int(missed)


def quality(data: Path, out: Path, epochs: int, seeds: int) -> bool:
    """Train both with each seed, and tell the curves and the differences; whether ours is behind."""
    sides: dict[str, Callable[[Path, Path, int, int], list[Row]]] = {"torchvision": theirs, "instantreact": ours}
    curves: dict[str, list[list[Row]]] = {side: [] for side in sides}
    for seed in range(seeds):
        for side, trained in sides.items():
            kept = out / f"{side}-{epochs}-{seed}.json"
            if not kept.exists():
                rows = trained(data, out / f"{side}-{epochs}-{seed}", epochs, seed)
                kept.write_text(json.dumps(rows))
            rows = json.loads(kept.read_text())
            curves[side].append(rows)
            print(f"{side:13} seed {seed}  " + "  ".join(f"{row['map']:.3f}" for row in rows), flush=True)
    last = {side: [rows[-1]["map"] for rows in each] for side, each in curves.items()}
    speed = {
        side: [statistics.median(r["images_per_second"] for r in rows) for rows in each]
        for side, each in curves.items()
    }
    apart = [mine - other for mine, other in zip(last["instantreact"], last["torchvision"], strict=True)]
    faster = [mine / other for mine, other in zip(speed["instantreact"], speed["torchvision"], strict=True)]
    print("\nVOC mAP (all-point, overlap .5) on the 72 pictures of test after each epoch, mean of the seeds")
    print("| epoch | torchvision | instantreact |\n|---|---|---|")
    for number in range(epochs):
        means = [statistics.mean(rows[number]["map"] for rows in curves[side]) for side in sides]
        print(f"| {number + 1} | {means[0]:.3f} | {means[1]:.3f} |")
    print(f"difference after the last: {statistics.mean(apart):+.3f}, {interval(apart)}")
    for side in sides:
        print(f"{side:13} {statistics.mean(speed[side]):.2f} images/s")
    ratio = statistics.geometric_mean(faster)
    print(f"images per second: {ratio:.2f}x torchvision's (from {min(faster):.2f} to {max(faster):.2f} by seed)")
    return statistics.mean(apart) < 0 or ratio < 1


def theirs(data: Path, _: Path, epochs: int, seed: int) -> list[Row]:
    """What torchvision's training gives."""
    dataset = open_dataset(f"voc:{data / 'detection/bccd'}")
    test = dataset.split("test")
    truth = [sample.objects() for sample in test]
    side = TorchvisionSSD(len(dataset.classes), data / WEIGHTS, seed=seed)
    rows = []
    for epoch, speed in enumerate(side.train(dataset.split("trainval"), epochs=epochs, batch=BATCH), 1):
        score = score_voc(truth, side.found(test), dataset.classes)
        rows.append(row(epoch, speed, score.mean_average_precision, score.mean_average_precision_11))
    return rows


def ours(data: Path, out: Path, epochs: int, seed: int) -> list[Row]:
    """What the trainer of ``ssd/ssd300`` gives."""
    options = {"epochs": epochs, "seed": seed, "batch_size": BATCH, "base_weights": str(data / WEIGHTS)}
    train("ssd/ssd300", f"voc:{data / 'detection/bccd'}", split="trainval", validation="test", out=out, options=options)
    names, *lines = [line.split(",") for line in (out / "metrics.csv").read_text().splitlines()]
    table = [dict(zip(names, line, strict=True)) for line in lines]
    return [
        row(int(each["epoch"]), float(each["images_per_second"]), float(each["voc_map"]), float(each["voc_map_11"]))
        for each in table
    ]


def row(epoch: int, images_per_second: float, mean: float | None, mean_11: float | None) -> Row:
    return {"epoch": epoch, "images_per_second": images_per_second, "map": mean, "map_11": mean_11}


def interval(values: Sequence[float]) -> str:
    """In which the mean lies, of values that vary as a normal distribution does."""
    freedom = len(values) - 1
    if freedom not in STUDENT:
        return f"of {len(values)} seeds"
    half = STUDENT[freedom] * statistics.stdev(values) / sqrt(len(values))
    mean = statistics.mean(values)
    return f"95 % interval {mean - half:+.3f} to {mean + half:+.3f} ({len(values)} seeds, paired)"


if __name__ == "__main__":
    sys.exit(main())
