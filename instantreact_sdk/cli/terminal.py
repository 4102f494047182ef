"""Printing for people and programs: plain where nobody looks, never broken by what is in a name."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from instantreact_sdk.errors.wording import COMMANDS, printable

_AS_LONG_AS_IT_IS = 10_000


class Terminal(Console):
    """A console that takes all text for text: it interprets no markup, and passes on nothing that a terminal would obey.

    Args:
        **settings: As `rich.console.Console` takes them.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **settings)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """What is printed, piece by piece; tables and trees come through here with all that is in them."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else printable(text), style, control)


def terminal() -> Terminal:
    """Stdout; without a terminal lines are as long as they are, so that `grep` finds what it looks for."""
    return Terminal(width=None if sys.stdout.isatty() else _AS_LONG_AS_IT_IS)


def json_text(value: Any) -> str:
    """For programs; what a terminal would obey is written as JSON escapes, for people look at it, too."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_json(value: Any) -> None:
    """`json_text` on stdout."""
    print(json_text(value))  # noqa: T201  (the result)


def styled(*parts: str | tuple[str, str]) -> Text:
    """Text of plain parts and of ``(text, style)``."""
    return Text.assemble(*parts)
