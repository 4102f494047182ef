"""Synthetic media and fakes as pytest fixtures: the pytest plugin of the SDK.

pytest imports this in every run of an environment, so it imports what a fixture needs when that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from instantreact_sdk import Alert, AudioChunk, Clip, Frame
    from instantreact_sdk.testing import HttpFake, MessengerFake, WebhookFake


@pytest.fixture
def instantreact_square() -> list[Frame]:
    """40 frames of 320 x 240 at 10 a second, in which a red square goes from left to right; see `media.moving_square`."""
    from instantreact_sdk.testing import media

    return media.moving_square()


@pytest.fixture
def instantreact_clip() -> Clip:
    """The same as a clip; see `media.moving_clip`."""
    from instantreact_sdk.testing import media

    return media.moving_clip()


@pytest.fixture
def instantreact_speech() -> AudioChunk:
    """Two seconds of a voice that says nothing, 16,000 samples a second; see `media.speech_like`."""
    from instantreact_sdk.testing import media

    return media.speech_like()


@pytest.fixture
def instantreact_alert(tmp_path: Path) -> Alert:
    """An alert with a picture; see `media.alert`."""
    from instantreact_sdk.testing import media

    return media.alert(snapshot=media.snapshot(tmp_path))


@pytest.fixture
def instantreact_http() -> Iterator[Callable[..., HttpFake]]:
    """Makes web services for the time of the test: called as `HttpFake`, it gives one that listens."""
    from instantreact_sdk.testing import HttpFake

    with ExitStack() as listening:

        def make(*args: Any, **options: Any) -> HttpFake:
            return listening.enter_context(HttpFake(*args, **options))

        yield make


@pytest.fixture
def instantreact_webhook() -> Iterator[Callable[..., WebhookFake]]:
    """Makes webhooks for the time of the test: called as `WebhookFake`, it gives one that listens."""
    from instantreact_sdk.testing import WebhookFake

    with ExitStack() as listening:

        def make(**options: Any) -> WebhookFake:
            return listening.enter_context(WebhookFake(**options))

        yield make


@pytest.fixture
def instantreact_messenger() -> Iterator[Callable[..., MessengerFake]]:
    """Makes Messenger Platforms for the time of the test: called as `MessengerFake`, it gives one that listens."""
    from instantreact_sdk.testing import MessengerFake

    with ExitStack() as listening:

        def make(*args: Any, **options: Any) -> MessengerFake:
            return listening.enter_context(MessengerFake(*args, **options))

        yield make
