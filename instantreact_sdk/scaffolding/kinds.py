"""What the templates say about each kind of component."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

from instantreact_sdk.config.starter import templates
from instantreact_sdk.registry import ComponentKind


def works(kinds: Sequence[ComponentKind]) -> dict[ComponentKind, dict[str, Any]]:
    """What the templates of these kinds do, as ``kinds.toml`` beside them says it."""
    text = (templates() / "plugin" / "kinds.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    return {kind: told[kind] for kind in kinds}
