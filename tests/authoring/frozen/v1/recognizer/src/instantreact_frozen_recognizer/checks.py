"""How `instantreact-sdk plugins check frozen-recognizer` can try each component: without hardware, keys or network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from instantreact_sdk.testing import Case, media

from instantreact_frozen_recognizer.recognizer import FrozenRecognizerRecognizer


def recognizer(folder: Path) -> Iterator[Case]:
    """A second of the tone."""
    rate = FrozenRecognizerRecognizer.sample_rate
    yield Case(options={"hz": 1000}, inputs=[media.tone(1000, 1.0, rate)])
