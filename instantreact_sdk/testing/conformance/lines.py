"""Texts that have to fit into one line, to be read by people and matched by rules."""

from __future__ import annotations

import unicodedata

# Control characters, line and paragraph separators; str.isprintable() would refuse joiners of Hindi, too.
_BREAKS = ("Cc", "Zl", "Zp")
_UNDECODED = "\N{REPLACEMENT CHARACTER}"


def blemish(text: str) -> str:
    """What is wrong with a text that has to fit into a line, as "ends or begins with a space"; empty for nothing."""
    for letter in text:
        if letter == _UNDECODED or unicodedata.category(letter) in _BREAKS:
            return f"has the character {letter!a}, which is no letter of a line"
    return "ends or begins with a space" if text != text.strip() else ""
