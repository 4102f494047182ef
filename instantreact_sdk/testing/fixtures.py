"""Synthetic media and fakes as pytest fixtures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from instantreact_sdk.testing import media
from instantreact_sdk.testing.fakes import HttpFake
from instantreact_sdk.types import Alert, AudioChunk, Clip, Frame


@pytest.fixture
def instantreact_square() -> list[Frame]:
    """40 frames of 320 x 240 at 10 a second, in which a red square goes from left to right; see `media.moving_square`."""
    return media.moving_square()


@pytest.fixture
def instantreact_clip() -> Clip:
    """The same as a clip; see `media.moving_clip`."""
    return media.moving_clip()


@pytest.fixture
def instantreact_speech() -> AudioChunk:
    """Two seconds of a voice that says nothing, 16,000 samples a second; see `media.speech_like`."""
    return media.speech_like()


@pytest.fixture
def instantreact_alert(tmp_path: Path) -> Alert:
    """An alert with a picture; see `media.alert`."""
    return media.alert(snapshot=media.snapshot(tmp_path))


@pytest.fixture
def instantreact_http() -> Iterator[Callable[..., HttpFake]]:
    """Makes web services for the time of the test: called as `HttpFake`, it gives one that listens."""
    with ExitStack() as listening:

        def make(*args: Any, **options: Any) -> HttpFake:
            return listening.enter_context(HttpFake(*args, **options))

        yield make
