"""How `instantreact-sdk plugins check frozen-captioner` can try each component: without hardware, keys or network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from instantreact_sdk.testing import Case, media

from instantreact_frozen_captioner.captioner import FrozenCaptionerCaptioner


def captioner(folder: Path) -> Iterator[Case]:
    """A clip in which something moves, and one in which nothing does."""
    length = FrozenCaptionerCaptioner.clip_length
    yield Case(inputs=[media.moving_clip(length), media.still_clip(length)])
