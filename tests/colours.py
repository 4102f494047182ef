"""A plugin that learns the colour of each class: a real trainer, detector and exporter, small enough for tests.

    settle(folder, COLOURS)  # then: train colours/spots --data voc:DATA --out RUN

The detector finds the pixels that are near a class's colour, as one box. `pictures` makes a dataset that it can learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

import numpy as np
from labelled import listed, voc_object, voc_xml
from PIL import Image
from zoo import Animal

HOOKS = dedent(
    """
    from instantreact_sdk import DetectorSpec, hookimpl

    @hookimpl
    def instantreact_register():
        return [
            DetectorSpec(
                name="spots",
                summary="Spots of the colours that it was taught.",
                factory="zoo_colours.detector:Spots",
                options="zoo_colours.detector:SpotsOptions",
                trainer="zoo_colours.trainer:ColoursTrainer",
                exporter="zoo_colours.exporter:ColoursExporter",
            ),
            DetectorSpec(name="plain", summary="Nothing at all.", factory="zoo_colours.detector:Plain"),
            DetectorSpec(
                name="odd",
                summary="A trainer that goes wrong.",
                factory="zoo_colours.detector:Plain",
                trainer="zoo_colours.odd:OddTrainer",
            ),
            DetectorSpec(
                name="tracker", summary="One that remembers.", factory="zoo_colours.detector:Plain", stateful=True
            ),
        ]
    """
)
DETECTOR = dedent(
    '''
    from pathlib import Path

    import numpy as np
    from pydantic import Field

    from instantreact_sdk import Detections, Detector, ModelCard, Options

    class SpotsOptions(Options):
        weights: Path
        """The folder of a training run."""
        min_score: float = Field(0.5, ge=0, le=1)
        """Only what scores so high is found."""
        also: str = ""
        """A label that is found in every picture, at a score of 0.1."""

    class Spots(Detector):
        batch_size = 2
        evaluation = {"min_score": 0.05}

        def __init__(self, options):
            self.options = options

        def open(self, context):
            card = ModelCard.read(context.base / self.options.weights)
            self.names = (*card.labels, *([self.options.also] if self.options.also else []))
            with np.load(card.weights) as stored:
                self.colours = stored["colours"]

        @property
        def labels(self):
            return self.names

        def detect(self, frames):
            assert len(frames) <= self.batch_size
            return [self.find(frame.image.astype(float)) for frame in frames]

        def find(self, image):
            height, width = image.shape[:2]
            rows = []
            for label, colour in enumerate(self.colours):
                y, x = np.nonzero(np.abs(image - colour).max(axis=2) < 40)
                if len(x):
                    rows.append(([x.min() / width, y.min() / height, (x.max() + 1) / width, (y.max() + 1) / height], 0.9, label))
            if self.options.also:
                rows.append(([0, 0, 1, 1], 0.1, len(self.names) - 1))
            rows = [row for row in rows if row[1] >= self.options.min_score]
            return Detections(*zip(*rows)) if rows else Detections.empty()

    class Plain(Detector):
        labels = ("nothing",)

        def __init__(self, options):
            pass

        def detect(self, frames):
            return [Detections.empty() for _ in frames]
    '''
)
TRAINER = dedent(
    '''
    import json
    from typing import Literal

    import numpy as np
    from pydantic import BaseModel, Field

    from instantreact_sdk import ModelCard, Options, PluginError, Trainer

    class Start(BaseModel):
        """From where."""

        grey: int = 0

    class ColoursOptions(Options):
        epochs: int = Field(3, ge=1)
        """How often every picture is looked at."""
        rate: float | Literal["auto"] = Field("auto")
        """How far each step goes."""
        order: Literal["given", "reversed"] = "given"
        """In which order pictures are looked at."""
        shades: tuple[float, ...] = (1.0,)
        """What colours are multiplied by, one after another."""
        name: str | None = None
        """What the run is called."""
        careful: bool = True
        """Whether to look twice."""
        step_seconds: float = Field(0.0, ge=0)
        """How long each step waits."""
        start: Start = Start()
        """From where it starts."""

    class ColoursTrainer(Trainer):
        options = ColoursOptions
        may_change = frozenset({"epochs", "step_seconds"})

        def train(self, train, validation, options, context, out, progress):
            print("a library prints")
            state_file, weights = out / "last.json", out / "weights.npz"
            state = {"epoch": 0, "colours": [[float(options.start.grey)] * 3 for _ in train.classes]}
            if state_file.exists():
                state = json.loads(state_file.read_text())
            colours = np.array(state["colours"])
            rate = 0.5 if options.rate == "auto" else options.rate
            samples = list(train) if options.order == "given" else list(train)[::-1]
            for epoch in range(state["epoch"], options.epochs):
                for step, sample in enumerate(samples):
                    if context.stop.wait(options.step_seconds) if options.step_seconds else context.stop.is_set():
                        raise PluginError("It was stopped.")
                    image, objects = sample.load()
                    for (x0, y0, x1, y1), label in zip(objects.boxes.round().astype(int), objects.labels):
                        seen = image[y0:y1, x0:x1].reshape(-1, 3).mean(axis=0) * options.shades[0]
                        colours[label] += rate * (seen - colours[label])
                    progress(epoch * len(samples) + step + 1, options.epochs * len(samples), f"epoch {epoch + 1}")
                half = out / "last.part"
                half.write_text(json.dumps({"epoch": epoch + 1, "colours": colours.tolist()}))
                half.replace(state_file)
            np.savez(weights, colours=colours)
            metrics = {"epoch": float(options.epochs), "validation pictures": float(len(validation))}
            card = ModelCard("colours/spots", weights, tuple(train.classes), metrics, data={"fingerprint": "abc"})
            card.write()
            return card
    '''
)
EXPORTER = dedent(
    '''
    from dataclasses import replace

    import numpy as np

    from instantreact_sdk import Exporter, ModelCard, Options

    class ExportOptions(Options):
        digits: int = 2
        """Behind the point."""

    class ColoursExporter(Exporter):
        options = ExportOptions

        def export(self, weights, options, context, out, progress):
            card = ModelCard.read(weights)
            with np.load(card.weights) as stored:
                np.savetxt(out, stored["colours"], fmt=f"%.{options.digits}f")
            progress(1, 1, "writing")
            return replace(card, weights=out)
    '''
)
ODD = dedent(
    '''
    import sys
    import time
    from typing import Literal

    from instantreact_sdk import Options, Trainer

    class OddOptions(Options):
        how: Literal["raises", "exits", "returns-none", "deaf"] = "raises"
        """What goes wrong."""

    class OddTrainer(Trainer):
        options = OddOptions

        def train(self, train, validation, options, context, out, progress):
            if options.how == "exits":
                sys.exit(0)
            while options.how == "deaf":
                try:
                    (out / "deaf").touch()
                    time.sleep(60)
                except KeyboardInterrupt:
                    pass
            if options.how == "raises":
                raise ZeroDivisionError("nothing to share")
    '''
)
COLOURS = Animal(
    "colours",
    {
        "hooks.py": HOOKS,
        "detector.py": DETECTOR,
        "trainer.py": TRAINER,
        "exporter.py": EXPORTER,
        "odd.py": ODD,
    },
)

SIZE = (48, 32)
_SPOTS = {"red": (255, 0, 0), "blue": (0, 0, 255), "green": (0, 255, 0)}


def pictures(root: Path, splits: dict[str, int], classes: Sequence[str] = ("red", "blue")) -> Path:
    """A VOC dataset of dark pictures with one spot of each class, of 8 x 8 pixels, at a place that the number says."""
    for split, count in splits.items():
        names = [f"{split}{number}" for number in range(count)]
        for number, name in enumerate(names):
            image = np.full((SIZE[1], SIZE[0], 3), 20 + number, np.uint8)
            objects = []
            for row, label in enumerate(classes):
                x, y = 2 + number % 5, 2 + 10 * row
                image[y : y + 8, x : x + 8] = _SPOTS[label]
                objects.append(voc_object(label, box=(x + 1, y + 1, x + 8, y + 8)))
            (root / "JPEGImages").mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(root / "JPEGImages" / f"{name}.png")
            voc_xml(root, name, *objects, size=SIZE)
        listed(root / "ImageSets" / "Main" / f"{split}.txt", *names)
    return root
