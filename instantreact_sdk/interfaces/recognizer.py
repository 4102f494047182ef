'''What recognizes speech and sounds.

A complete recognizer in three files, one that hears a loud noise:

```python title="src/instantreact_loud/hooks.py"
from instantreact_sdk import RecognizerSpec, hookimpl


@hookimpl
def instantreact_register():
    return [
        RecognizerSpec(
            name="loud",
            summary="A loud noise.",
            factory="instantreact_loud.recognizer:Loud",
            options="instantreact_loud.recognizer:LoudOptions",
        )
    ]
```

```python title="src/instantreact_loud/recognizer.py"
import numpy as np
from instantreact_sdk import AudioRecognizer, Options, SoundEvent
from pydantic import Field


class LoudOptions(Options):
    level: float = Field(0.5, gt=0, le=1)
    """Amplitude from which a sound counts as loud."""


class Loud(AudioRecognizer):
    sample_rate = 8000
    max_seconds = 1.0

    def __init__(self, options: LoudOptions):
        self.options = options

    def recognize(self, chunk):
        peak = float(np.abs(chunk.samples).max(initial=0))
        if peak < self.options.level:
            return []
        return [SoundEvent("loud noise", score=peak, start=chunk.time, end=chunk.end)]
```

and a third, by which they are found:

```toml title="pyproject.toml"
[project]
name = "instantreact-loud"
version = "0.1.0"
dependencies = ["instantreact-sdk"]

[project.entry-points."instantreact_sdk.v1"]
loud = "instantreact_loud.hooks"
```

`instantreact-sdk plugins install --editable .` installs it, and says how it is doing.
'''

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from instantreact_sdk.interfaces.component import Component
from instantreact_sdk.types import AudioChunk, SoundEvent, Transcript


class AudioRecognizer(Component):
    """Recognizes speech, or other sounds, or both.

    Attributes:
        sample_rate: Samples per second that it wants.
        max_seconds: The longest chunk that it takes, in seconds.
    """

    sample_rate: int = 16_000
    max_seconds: float = 10.0

    @abstractmethod
    def recognize(self, chunk: AudioChunk) -> Sequence[Transcript | SoundEvent]:
        """What is heard in one chunk; nothing where nothing is.

        Args:
            chunk: Mono, at `sample_rate`, at most `max_seconds` long.
        """
