"""How `instantreact-sdk plugins check frozen-detector` can try each component: without hardware, keys or network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from instantreact_sdk.testing import Case, media


def detector(folder: Path) -> Iterator[Case]:
    """A red square that moves."""
    yield Case(options={"colour": "red"}, inputs=media.moving_square())
