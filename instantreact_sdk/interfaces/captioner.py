'''What describes clips in words.

A complete captioner in three files, one that tells how bright it is:

```python title="src/instantreact_light/hooks.py"
from instantreact_sdk import CaptionerSpec, hookimpl


@hookimpl
def instantreact_register():
    return [
        CaptionerSpec(
            name="light",
            summary="Says whether the light is on.",
            factory="instantreact_light.captioner:Light",
            options="instantreact_light.captioner:LightOptions",
        )
    ]
```

```python title="src/instantreact_light/captioner.py"
from instantreact_sdk import Caption, Captioner, Options
from pydantic import Field


class LightOptions(Options):
    threshold: int = Field(60, ge=0, le=255)
    """Mean brightness from which the light counts as on."""


class Light(Captioner):
    clip_length = 10
    input_size = (16, 16)

    def __init__(self, options: LightOptions):
        self.options = options

    def caption(self, clips):
        return [self.describe(clip) for clip in clips]

    def describe(self, clip):
        on = clip.images(16, 16).mean() >= self.options.threshold
        return Caption(f"the light is {'on' if on else 'off'}", confidence=1.0, start=clip.start, end=clip.end)
```

and a third, by which they are found:

```toml title="pyproject.toml"
[project]
name = "instantreact-light"
version = "0.1.0"
dependencies = ["instantreact-sdk"]

[project.entry-points."instantreact_sdk.v1"]
light = "instantreact_light.hooks"
```

`instantreact-sdk plugins install --editable .` installs it, and says how it is doing.
'''

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from instantreact_sdk.interfaces.component import Component
from instantreact_sdk.types import Caption, Clip


class Captioner(Component):
    """Describes clips.

    Attributes:
        clip_length: How many sampled frames make a clip, 1 or more. The last clip of a file may be shorter.
        clip_stride: How many sampled frames the next clip begins later; None for half of `clip_length`.
        input_size: ``(width, height)`` that it asks frames for through `Frame.resized` or `Clip.images`; only the sizes that
            captioners declare are kept while a window fills. None keeps whole pictures.
        batch_size: How many clips it likes at once, 1 or more.
    """

    clip_length: int = 40
    clip_stride: int | None = None
    input_size: tuple[int, int] | None = None
    batch_size: int = 1

    @abstractmethod
    def caption(self, clips: Sequence[Clip]) -> Sequence[Caption]:
        """One `Caption` for each clip, in the same order.

        Args:
            clips: At most `batch_size` clips, perhaps none.
        """
