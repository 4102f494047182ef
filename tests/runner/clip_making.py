"""Clips made of frames that show their own time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from instantreact_sdk import Event, Frame, SourceInfo
from instantreact_sdk.runner.clips import Clips


def event(start: float, end: float | None = None, *, source: str = "cam", rule: str = "intruder") -> Event:
    return Event(rule, source, start, start if end is None else end, (), {})


def dial(time: float, *, size: tuple[int, int] = (96, 48)) -> Frame:
    """A frame that shows its own time: tens, ones and tenths of seconds as three shades side by side."""
    tenths = round(time * 10)
    digits = np.array([tenths // 100, tenths // 10 % 10, tenths % 10], np.uint8)
    row = np.repeat(16 + 24 * digits, size[0] // 3)
    return Frame(np.repeat(np.tile(row, (size[1], 1))[:, :, None], 3, axis=2), time=time, index=tenths)


def frames(start: float, stop: float, fps: float = 10) -> Iterator[Frame]:
    """From `start` on, before `stop`."""
    return (dial(k / fps) for k in range(round(start * fps), round(stop * fps)))


def seconds(start: float, stop: float) -> list[float]:
    """Each tenth from `start` to `stop`, both included."""
    return [k / 10 for k in range(round(start * 10), round(stop * 10) + 1)]


def pictures(path: Path) -> Iterator[np.ndarray]:
    capture = cv2.VideoCapture(str(path))
    assert capture.get(cv2.CAP_PROP_FPS) == pytest.approx(10)
    while (got := capture.read())[0]:
        yield got[1]
    capture.release()


def shown(path: Path) -> list[float]:
    """The times that the pictures of a clip show, one after another."""
    times = []
    for picture in pictures(path):
        tall, wide = picture.shape[:2]
        tens, ones, tenths = (round((float(picture[tall // 2, wide * k // 6].mean()) - 16) / 24) for k in (1, 3, 5))
        times.append(tens * 10 + ones + tenths / 10)
    return times


class Making:
    """Clips that are made in a folder, and what is told of them."""

    def __init__(self, folder: Path, *sources: str, live: bool = False) -> None:
        self.folder = folder
        self.ready: dict[str, Path] = {}
        self.failed: list[str] = []
        self.clips = Clips(folder, lambda event, path: self.ready.update({event.id: path}), self.failed.append)
        for source in sources or ("cam",):
            self.clips.opened(source, SourceInfo(96, 48, live, 10.0))

    def add(self, frames: Iterable[Frame], source: str = "cam") -> None:
        for frame in frames:
            self.clips.add(source, [frame])

    def close(self) -> None:
        self.clips.close()
        assert self.failed == []
