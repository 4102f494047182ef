"""One colour a label, the same in pictures and in the report."""

from __future__ import annotations

from zlib import crc32

Colour = tuple[int, int, int]
"""Red, green and blue in 0..255."""

# Bright enough that near-black text on them passes WCAG AA (contrast 4.5), apart enough to be told from one another.
_PALETTE: tuple[Colour, ...] = (
    (255, 176, 32),
    (64, 201, 140),
    (86, 180, 255),
    (255, 122, 150),
    (180, 148, 255),
    (255, 142, 84),
    (70, 208, 214),
    (190, 210, 70),
    (236, 136, 230),
    (214, 178, 140),
)


def colour_of(label: str) -> Colour:
    """The label's colour; it depends on the label alone, so that it is the same in every run and picture."""
    return _PALETTE[crc32(label.encode()) % len(_PALETTE)]
