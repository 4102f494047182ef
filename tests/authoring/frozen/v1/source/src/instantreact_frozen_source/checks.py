"""How `instantreact-sdk plugins check frozen-source` can try each component: without hardware, keys or network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from instantreact_sdk.testing import Case, media
from PIL import Image


def source(folder: Path) -> Iterator[Case]:
    """Twelve pictures; and folders that are empty, or not there."""
    pictures, empty = folder / "pictures", folder / "empty"
    pictures.mkdir()
    empty.mkdir()
    for frame in media.moving_square(12):
        Image.fromarray(np.array(frame.image)).save(pictures / f"{frame.index}.png")
    yield Case(
        options={"path": str(pictures), "fps": 10},
        broken=[{"path": str(empty)}, {"path": str(folder / "missing")}],
    )
