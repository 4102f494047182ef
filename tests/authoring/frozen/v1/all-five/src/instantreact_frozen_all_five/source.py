"""The source: pictures of a folder, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from instantreact_sdk import Context, Frame, FrameSource, Pixels, PluginError, SourceInfo
from PIL import Image, ImageOps

from instantreact_frozen_all_five.options import FrozenAllFiveSourceOptions

SUFFIXES = {".bmp", ".jpeg", ".jpg", ".png", ".ppm", ".webp"}


class FrozenAllFiveSource(FrameSource):
    """Plays a folder of pictures in natural order: 9.jpg comes before 10.jpg.

    Args:
        options: What the pipeline file sets.
    """

    def __init__(self, options: FrozenAllFiveSourceOptions) -> None:
        self.options = options

    def open(self, context: Context) -> None:
        """Look for the pictures, and read the first one."""
        folder = context.base / self.options.path
        if not folder.is_dir():
            raise PluginError(f"There is no folder {folder}.", "Check `path`; it is relative to the pipeline file.")
        self._files = sorted((file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES), key=_natural)
        if not self._files:
            raise PluginError(f"The folder {folder} holds no pictures.", f"It may hold {', '.join(sorted(SUFFIXES))}.")
        self._first = _read(self._files[0])
        self._context = context

    @property
    def info(self) -> SourceInfo:
        """Size and length; known once it is open."""
        height, width, _ = self._first.shape
        fps = self.options.fps
        return SourceInfo(width=width, height=height, live=False, fps=fps, duration=len(self._files) / fps)

    def frames(self) -> Iterator[Frame]:
        """One frame for each picture that anyone will look at, until the run stops."""
        for index, file in enumerate(self._files):
            time = index / self.options.fps
            if self._context.stop.is_set():
                return
            if self._context.wants(time):
                yield Frame(_read(file), time=time, index=index)


def _natural(file: Path) -> list[tuple[int, str]]:
    """A key by which numbers sort as numbers."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", file.name)]


def _read(file: Path) -> Pixels:
    """The picture, turned as its camera was held."""
    try:
        with Image.open(file) as picture:
            return np.array(ImageOps.exif_transpose(picture).convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PluginError(f"{file} is not a whole picture.", "Replace or remove it.") from error
