"""Printing for people: plain where nobody looks, never broken by what is in a name."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

_AS_LONG_AS_IT_IS = 10_000


def terminal() -> Console:
    """Stdout; without a terminal lines are as long as they are, so that `grep` finds what it looks for."""
    return Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else _AS_LONG_AS_IT_IS)


def print_json(value: Any) -> None:
    """For programs, on stdout."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))  # noqa: T201


def styled(*parts: str | tuple[str, str]) -> Text:
    """Text of plain parts and of ``(text, style)``."""
    return Text.assemble(*parts)
