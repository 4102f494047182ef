"""Pieces of sentences that many messages need."""

from __future__ import annotations

import math
import re
import signal
from collections.abc import Iterable
from difflib import get_close_matches

COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What a terminal obeys instead of showing it, and what turns the direction of writing; not line breaks and tabs."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one; None where none is like it."""
    by_lower = {name.lower(): name for name in sorted(known, reverse=True)}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def listed(words: Iterable[str], last: str = "or") -> str:
    """``a``, ``a or b``, ``a, b or c``; nothing for no words."""
    *most, end = [*words] or [""]
    return f"{', '.join(most)} {last} {end}" if most else end


def printable(text: str) -> str:
    """Text of files and plugins without `COMMANDS`, so that it cannot paint the terminal of whoever reads it."""
    return COMMANDS.sub("", text)


def signal_name(number: int) -> str:
    """``SIGSEGV``; ``signal 40`` where it has no name, as most real-time signals."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def clock(seconds: float) -> str:
    """Media time as ``2:03.5``, from an hour on ``1:02:03.5``; ``?`` where it is no finite number."""
    if not math.isfinite(seconds):
        return "?"
    minutes, tenths = divmod(round(seconds * 10), 600)
    hours, minutes = divmod(minutes, 60)
    rest = f"{tenths // 10:02}.{tenths % 10}"
    return f"{hours}:{minutes:02}:{rest}" if hours else f"{minutes}:{rest}"
