'''Where frames and sound come from.

A complete source in three files, one that plays a folder of pictures, one a second:

```python title="src/instantreact_folder/hooks.py"
from instantreact_sdk import SourceSpec, hookimpl


@hookimpl
def instantreact_register():
    return [
        SourceSpec(
            name="folder",
            summary="The pictures of a folder, one a second.",
            factory="instantreact_folder.source:FolderSource",
            options="instantreact_folder.source:FolderOptions",
        )
    ]
```

```python title="src/instantreact_folder/source.py"
from pathlib import Path

import cv2
from instantreact_sdk import Frame, FrameSource, Options, PluginError, SourceInfo


class FolderOptions(Options):
    path: Path
    """The folder."""


class FolderSource(FrameSource):
    def __init__(self, options: FolderOptions):
        self.options = options

    def open(self, context):
        self.context = context
        self.files = sorted((context.base / self.options.path).glob("*.jpg"))
        if not self.files:
            raise PluginError(f"{self.options.path} holds no .jpg file.", "Check `path`.")

    @property
    def info(self):
        height, width = cv2.imread(str(self.files[0])).shape[:2]
        return SourceInfo(width=width, height=height, live=False, fps=1, duration=len(self.files))

    def frames(self):
        for index, file in enumerate(self.files):
            if self.context.stop.is_set():
                return
            yield Frame(cv2.imread(str(file)), order="BGR", time=float(index), index=index)
```

and a third, by which they are found:

```toml title="pyproject.toml"
[project]
name = "instantreact-folder"
version = "0.1.0"
dependencies = ["instantreact-sdk", "opencv-python-headless"]

[project.entry-points."instantreact_sdk.v1"]
folder = "instantreact_folder.hooks"
```

`instantreact-sdk plugins install --editable .` installs it, and says how it is doing.
'''

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces.component import Component
from instantreact_sdk.types import AudioChunk, Frame, SourceInfo


class FrameSource(Component):
    """A video file, a folder of pictures, a camera.

    A file ends by returning from `frames`. A live source ends only when ``context.stop`` is set: it reconnects by itself,
    for ever, tells ``offline`` and ``online`` through ``context.health``, and never invents a frame.
    """

    @property
    @abstractmethod
    def info(self) -> SourceInfo:
        """What is known of the source; asked once it is open."""

    @property
    def problem(self) -> InstantReactError | None:
        """Why an open live source gives no frames at the moment; None where it does, and for files."""
        return None

    @abstractmethod
    def frames(self) -> Iterator[Frame]:
        """All frames from the beginning, in strictly growing `Frame.time`.

        It is called once after `open`, and iterated in a thread of its own. ``close`` may come while it
        waits; it then ends.

        Raises:
            InstantReactError: The source broke; what came before counts.
        """

    def sound(self, rate: int) -> Iterator[AudioChunk]:
        """All sound from the beginning, mono, at `rate` samples per second, in chunks of at most a second.

        It is iterated in another thread than `frames`, and may be called once for each rate. Times share the zero of
        the frames. A gap in the sound is a gap in the chunks' times.

        Args:
            rate: Samples per second, as a recognizer asked for.
        """
        return iter(())
