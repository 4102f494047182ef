"""Texts that can be shown in one line."""

from __future__ import annotations

import unicodedata

_BREAKS = {
    "Cc",
    "Zl",
    "Zp",
}  # control characters, line and paragraph separators; str.isprintable() refuses joiners of Hindi, too


def blemish(text: str) -> str:
    """What is wrong with a text that has to fit into a line, as "ends or begins with a space"; empty for nothing."""
    odd = next((letter for letter in text if unicodedata.category(letter) in _BREAKS), "")
    if odd:
        return f"has the character {odd!a}, which is no letter of a line"
    if text != text.strip():
        return "ends or begins with a space"
    return ""
