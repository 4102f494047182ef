'''What finds objects in frames.

A complete detector in three files, one that finds the brightest spot:

```python title="src/instantreact_bright/hooks.py"
from instantreact_sdk import DetectorSpec, hookimpl


@hookimpl
def instantreact_register():
    return [
        DetectorSpec(
            name="spot",
            summary="The brightest spot of the picture.",
            factory="instantreact_bright.detector:Spot",
            options="instantreact_bright.detector:SpotOptions",
        )
    ]
```

```python title="src/instantreact_bright/detector.py"
import numpy as np
from instantreact_sdk import Detections, Detector, Options
from pydantic import Field


class SpotOptions(Options):
    size: float = Field(0.1, gt=0, le=1)
    """Side of the box, as a fraction of the picture."""


class Spot(Detector):
    labels = ("spot",)
    input_size = (32, 32)

    def __init__(self, options: SpotOptions):
        self.options = options

    def detect(self, frames):
        return [self.find(frame.resized(32, 32).sum(axis=2)) for frame in frames]

    def find(self, light):
        if light.max() < 600:
            return Detections.empty()
        y, x = np.unravel_index(light.argmax(), light.shape)
        centre, half = np.array([x, y, x, y]) / 32, self.options.size / 2
        box = np.clip(centre + [-half, -half, half, half], 0, 1)
        return Detections(boxes=[box], scores=[light.max() / 765], labels=[0])
```

and a third, by which they are found:

```toml title="pyproject.toml"
[project]
name = "instantreact-bright"
version = "0.1.0"
dependencies = ["instantreact-sdk"]

[project.entry-points."instantreact_sdk.v1"]
bright = "instantreact_bright.hooks"
```

`instantreact-sdk plugins install --editable .` installs it, and says how it is doing.
'''

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from instantreact_sdk.interfaces.component import Component
from instantreact_sdk.types import Detections, Frame


class Detector(Component):
    """Finds objects.

    Attributes:
        input_size: ``(width, height)`` that it asks frames for through `Frame.resized`; None where it wants whole pictures.
        batch_size: How many frames it likes at once, 1 or more. A ``stateful`` one gets the frames of a single source, in
            order; any other may find frames of several sources in one batch. For files, batches are fixed by frame
            index; the last one may be shorter.
        evaluation: Options under which its figures are comparable with those of others, as ``{"min_score": 0.01}``:
            average precision needs unsure detections, too. What the user sets goes before.
    """

    input_size: tuple[int, int] | None = None
    batch_size: int = 1
    evaluation: Mapping[str, Any] = MappingProxyType({})

    @property
    @abstractmethod
    def labels(self) -> tuple[str, ...]:
        """Names of what it can find; `Detections.labels` points into it. Asked once it is open; must not change then.

        A class attribute ``labels = ("person",)`` will do. Where options or weights decide, write a property::

            @property
            def labels(self):
                return self._model.names
        """

    def known_labels(self, base: Path) -> tuple[str, ...] | None:
        """What `labels` will be, told before it is open, for ``config check``; None where only opening it can tell.

        A class attribute ``labels`` is known anyway. Where a small file beside the weights lists them, read it here; load nothing heavy.

        Args:
            base: The folder in which relative paths of the options start, as `Context.base`.

        Raises:
            InstantReactError: The options cannot work, as where they name weights that are not there.
        """
        names = getattr(type(self), "labels", None)
        return names if isinstance(names, tuple) else None

    @abstractmethod
    def detect(self, frames: Sequence[Frame]) -> Sequence[Detections]:
        """One `Detections` for each frame, in the same order; ``Detections.empty()`` where nothing is found.

        Args:
            frames: At most `batch_size` frames, perhaps none. Their pixels are read-only.
        """
