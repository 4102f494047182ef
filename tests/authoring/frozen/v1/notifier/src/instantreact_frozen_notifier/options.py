"""What pipeline files can set. The sentence below each option is its documentation."""

from __future__ import annotations

from instantreact_sdk import Options, Secret
from pydantic import Field


class FrozenNotifierNotifierOptions(Options):
    """Options of `frozen-notifier/notifier`."""

    url: Secret
    """Where to post to. Whoever knows it can post, so write env:NAME or file:PATH in the pipeline file."""

    timeout: float = Field(20.0, gt=0, le=300)
    """Seconds to wait for an answer."""
