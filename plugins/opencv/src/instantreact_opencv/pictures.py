"""Reads pictures: one, a folder, or a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from glob import glob, has_magic
from pathlib import Path

from instantreact_opencv.options import VideoOptions
from instantreact_opencv.quiet import cv2
from instantreact_opencv.rotation import TURNS, Pixels, turned
from instantreact_sdk import Context, Frame, InstantReactError, SourceInfo

ENDINGS = (".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")


def are_at(path: Path) -> bool:
    """Whether the address means pictures: a folder, a pattern, or the name of a picture."""
    try:
        if path.exists():
            return path.is_dir() or path.suffix.lower() in ENDINGS
    except OSError:  # it may not be looked at: `check_readable` says so
        return False
    return has_magic(str(path))


class PictureReader:
    """Pictures in the natural order of their names (``9.jpg`` before ``10.jpg``), turned as their EXIF says.

    They carry no time: the n-th one stands at n / fps, where the ones that cannot be decoded keep their place.

    Args:
        path: A picture, a folder, or a pattern.
        options: Of the source.
        context: Of the source.
    """

    def __init__(self, path: Path, options: VideoOptions, context: Context) -> None:
        self._path = path
        self._fps = options.fps
        self._turn = TURNS[options.rotate]
        self._flags = cv2.IMREAD_COLOR | (0 if options.rotate == "auto" else cv2.IMREAD_IGNORE_ORIENTATION)
        self._context = context
        self._files: list[Path] = []
        self._closed = False

    def open(self) -> SourceInfo:
        """List the pictures, and decode until the first good one.

        Raises:
            InstantReactError: IR3002 the folder may not be read, IR3003 none can be decoded, IR3004 there are none.
        """
        self._files = _pictures(self._path)
        first = next((picture for file in self._files if (picture := self._read(file)) is not None), None)
        if first is None:
            raise InstantReactError("IR3003", path=self._path, problem=f"none of {len(self._files)} files is a picture")
        height, width = first.shape[:2]
        duration = len(self._files) / self._fps
        return SourceInfo(width=width, height=height, live=False, fps=self._fps, duration=duration)

    def frames(self) -> Iterator[Frame]:
        """The pictures that somebody wants; the others are not even read."""
        bad: list[str] = []
        for index, file in enumerate(self._files):
            if self._closed or self._context.stop.is_set():
                return
            time = index / self._fps
            if not self._context.wants(time):
                continue
            pixels = self._read(file)
            if pixels is None:
                bad.append(file.name)
            else:
                yield Frame(pixels, time=time, index=index, order="BGR")
        if bad:
            names = ", ".join(bad[:5]) + (", ..." if len(bad) > 5 else "")  # noqa: PLR2004
            detail = f"{len(bad)} of {len(self._files)} pictures in {self._path} cannot be decoded: {names}."
            self._context.log.warning(detail)
            self._context.health("plugin_failed", detail)

    def close(self) -> None:
        """End at the next picture."""
        self._closed = True

    def _read(self, file: Path) -> Pixels | None:
        try:
            pixels = cv2.imread(str(file), self._flags)
        except cv2.error:  # some damaged headers raise instead of giving None
            return None
        return None if pixels is None else turned(pixels, self._turn)


def _pictures(path: Path) -> list[Path]:
    try:
        if path.is_dir():
            found = [file for file in path.iterdir() if file.suffix.lower() in ENDINGS]
        else:
            found = [path] if path.exists() else [Path(name) for name in glob(str(path))]  # noqa: PTH207  (Path.glob takes no absolute pattern)
        files = sorted((file for file in found if file.is_file()), key=_natural)
    except OSError as error:
        raise InstantReactError("IR3002", path=path, problem=error.strerror) from None
    if not files:
        raise InstantReactError("IR3004", path=path, endings=", ".join(ENDINGS))
    return files


def _natural(file: Path) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", str(file))
    return [(1, int(part), part) if part.isdecimal() else (0, 0, part) for part in parts]
