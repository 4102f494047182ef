"""The kinds of components that a new plugin can have, and what the templates say about each."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any, Literal

from instantreact_sdk.config.starter import templates

Kind = Literal["source", "detector", "captioner", "recognizer", "notifier"]
KINDS: tuple[Kind, ...] = ("source", "detector", "captioner", "recognizer", "notifier")
"""In the order in which a pipeline uses them."""


def works(kinds: Sequence[Kind]) -> dict[Kind, dict[str, Any]]:
    """What the templates of these kinds do, as ``kinds.toml`` beside them says it."""
    text = (templates() / "plugin" / "kinds.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    return {kind: told[kind] for kind in kinds}
