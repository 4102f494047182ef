"""What the source plays."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import numpy as np
import pytest
from instantreact_sdk import Context, PluginError
from PIL import Image

from instantreact_frozen_all_five.options import FrozenAllFiveSourceOptions
from instantreact_frozen_all_five.source import FrozenAllFiveSource


def opened(folder: Path, context: Context | None = None) -> FrozenAllFiveSource:
    source = FrozenAllFiveSource(FrozenAllFiveSourceOptions(path=folder, fps=4))
    source.open(context or Context())
    return source


def picture(path: Path, level: int) -> None:
    Image.fromarray(np.full((6, 8, 3), level, np.uint8)).save(path)


def test_pictures_come_in_natural_order_at_the_rate(tmp_path: Path) -> None:
    for number in (10, 9, 1):
        picture(tmp_path / f"{number}.png", number)
    frames = list(opened(tmp_path).frames())
    assert [int(frame.image[0, 0, 0]) for frame in frames] == [1, 9, 10]
    assert [frame.time for frame in frames] == [0.0, 0.25, 0.5]


def test_its_size_and_length_are_known(tmp_path: Path) -> None:
    picture(tmp_path / "1.png", 0)
    picture(tmp_path / "2.png", 0)
    info = opened(tmp_path).info
    assert (info.width, info.height, info.duration) == (8, 6, 2 / 4)


def test_it_stops_when_the_run_does(tmp_path: Path) -> None:
    picture(tmp_path / "1.png", 0)
    picture(tmp_path / "2.png", 0)
    stop = Event()
    frames = opened(tmp_path, Context(stop=stop)).frames()
    next(frames)
    stop.set()
    assert list(frames) == []


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    picture(tmp_path / "1.png", 0)
    (tmp_path / "2.png").write_bytes(b"no picture")
    frames = opened(tmp_path).frames()
    next(frames)
    with pytest.raises(PluginError, match=r"2\.png"):
        next(frames)
