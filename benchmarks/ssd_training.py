"""SSD300 trained on blood cells, ours beside torchvision's: how well, how fast, and what pictures without objects teach.

Usage: python benchmarks/ssd_training.py [--epochs N] [--seeds N] [--out FOLDER] [--only quality | background]

All start from the same thirteen convolutions of VGG16, see the same pictures as often, in batches of 8, on the CPU in bf16.
Torchvision's, at a constant rate of .001, which is what its recipe makes of this batch, and ours, as `instantreact-sdk train` trains when
nothing is set, take turns seed by seed. Then torchvision's has our schedule, at twice its rate: at our own
height, .008, it learned nothing (seed 0: 0 after each of 8 epochs). What counts is the last epoch, so that nothing is chosen by
the pictures of the test. A machine with two cores takes two hours; what was measured is kept in FOLDER, and a broken run goes on
there.

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

from instantreact_ssd.trainer import SSD300Trainer
from instantreact_ssd.training.schedule import Schedule
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
"""``epoch``, ``images_per_second``, ``map``."""
Side = Callable[[Path, Path, int, int], list[Row]]
"""What trains: from the data, its folder, the number of epochs and the seed."""


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
    """Train all sides with each seed, and tell curves and differences; whether ours is behind either of the others."""
    sides: dict[str, Side] = {"torchvision": torchvisions, "instantreact": ours, "torchvision-our-schedule": scheduled}
    *first, last = sides
    runs: dict[str, list[list[Row]]] = {side: [] for side in sides}
    for side, seed in [
        *((side, seed) for seed in range(seeds) for side in first),
        *((last, seed) for seed in range(seeds)),
    ]:
        folder = out / f"{side}-{epochs}-{seed}"
        kept = folder.with_suffix(".json")
        if not kept.exists():
            kept.write_text(json.dumps(sides[side](data, folder, epochs, seed)))
        runs[side].append(json.loads(kept.read_text()))
        print(f"{side:24} seed {seed}  " + "  ".join(f"{row['map']:.3f}" for row in runs[side][-1]), flush=True)
    print("\nVOC mAP (all-point, overlap .5) on the pictures of test after each epoch, mean of the seeds")
    print(f"| epoch | {' | '.join(sides)} |\n|---|{'---|' * len(sides)}")
    for number in range(epochs):
        means = (statistics.mean(rows[number]["map"] for rows in each) for each in runs.values())
        print(f"| {number + 1} | {' | '.join(f'{mean:.3f}' for mean in means)} |")
    mine = runs.pop("instantreact")
    told = [behind(mine, others, side) for side, others in runs.items()]
    return any(told)


def behind(mine: Sequence[Sequence[Row]], others: Sequence[Sequence[Row]], name: str) -> bool:
    """Tell how far two sides are apart after the last epoch, and how fast one is as a ratio; whether either is to our disadvantage."""
    apart = [one[-1]["map"] - other[-1]["map"] for one, other in zip(mine, others, strict=True)]
    speeds = [[statistics.median(row["images_per_second"] for row in rows) for rows in side] for side in (mine, others)]
    faster = [one / other for one, other in zip(*speeds, strict=True)]
    ratio = statistics.geometric_mean(faster)
    print(f"instantreact against {name}: {statistics.mean(apart):+.3f} mAP, {interval(apart)};")
    print(
        f"  {statistics.mean(speeds[0]):.2f} to {statistics.mean(speeds[1]):.2f} images/s, {ratio:.2f}x (by seed {min(faster):.2f} to {max(faster):.2f})"
    )
    return statistics.mean(apart) < 0 or ratio < 1


def torchvisions(data: Path, _: Path, epochs: int, seed: int) -> list[Row]:
    """What torchvision's training gives at a constant rate, after a warm-up as its reference script has it."""
    return theirs(data, epochs, seed, lambda step: 1e-3 * min(1, (step + 1) / 100))


def scheduled(data: Path, _: Path, epochs: int, seed: int) -> list[Row]:
    """What it gives when its learning rate rises and falls as ours does."""
    options = SSD300Trainer.options()
    pictures = len(open_dataset(f"voc:{data / 'detection/bccd'}").split("trainval"))
    schedule = Schedule(options.schedule, epochs * (pictures // BATCH), options.warm_up)
    return theirs(data, epochs, seed, lambda step: 2e-3 * schedule(step))


def theirs(data: Path, epochs: int, seed: int, rate: Callable[[int], float]) -> list[Row]:
    """Train torchvision's, and measure it after each epoch."""
    dataset = open_dataset(f"voc:{data / 'detection/bccd'}")
    test = dataset.split("test")
    truth = [sample.objects() for sample in test]
    side = TorchvisionSSD(len(dataset.classes), data / WEIGHTS, seed=seed, rate=rate)
    rows = []
    for epoch, speed in enumerate(side.train(dataset.split("trainval"), epochs=epochs, batch=BATCH), 1):
        score = score_voc(truth, side.found(test), dataset.classes)
        rows.append(row(epoch, speed, score.mean_average_precision))
    return rows


def ours(data: Path, out: Path, epochs: int, seed: int) -> list[Row]:
    """What the trainer of ``ssd/ssd300`` gives."""
    options = {"epochs": epochs, "seed": seed, "batch_size": BATCH, "base_weights": str(data / WEIGHTS)}
    train(
        "ssd/ssd300",
        f"voc:{data / 'detection/bccd'}",
        split="trainval",
        validation="test",
        out=out,
        options=options,
        resume=(out / "run.json").exists(),
    )
    names, *lines = [line.split(",") for line in (out / "metrics.csv").read_text().splitlines()]
    table = [dict(zip(names, line, strict=True)) for line in lines]
    return [row(int(each["epoch"]), float(each["images_per_second"]), float(each["voc_map"])) for each in table]


def row(epoch: int, images_per_second: float, mean: float | None) -> Row:
    return {"epoch": epoch, "images_per_second": images_per_second, "map": mean}


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
