"""Making a text fit into a message."""

from __future__ import annotations

import re

import regex

LIMIT = 1999
"""UTF-16 units of a message. Meta's pages say "under 2000", its servers take 2000; in which unit, neither says, and of those that
clients count in, characters and UTF-16 units, this is the smaller."""

_CUT = "…"
_GRAPHEME = regex.compile(r"\X")
# What no screen shows; line breaks and tabs stay. Half a surrogate pair cannot be sent as UTF-8.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")


def units(text: str) -> int:
    """Its length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def clean(text: str) -> str:
    """The text without control characters and halves of surrogate pairs, which neither Meta nor every database takes."""
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", _UNSHOWN.sub("", text))


def fitted(text: str, limit: int = LIMIT) -> str:
    """The text as `clean` has it, cut with ``…`` where it is longer than the limit.

    It is cut between characters as people see them (Unicode's grapheme clusters, UAX #29), so that no accent, flag or family loses a
    part; only one that is longer than the limit all by itself is cut inside.

    Args:
        text: Any text.
        limit: UTF-16 units, at least 1.
    """
    text = clean(text)
    if units(text) <= limit:
        return text
    return (_beginning(text, limit - 1, whole=True) or _beginning(text, limit - 1, whole=False)) + _CUT


def _beginning(text: str, limit: int, *, whole: bool) -> str:
    used = end = 0
    for piece in (found[0] for found in _GRAPHEME.finditer(text)) if whole else text:
        used += units(piece)
        if used > limit:
            break
        end += len(piece)
    return text[:end]
