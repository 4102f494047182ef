"""What a captioner saw in a clip."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caption:
    """A clip in words.

    Attributes:
        text: One sentence.
        confidence: In 0..1.
        start: Start of the clip, seconds since the source's ``open()``.
        end: End of the clip, in the same seconds.
    """

    text: str
    confidence: float
    start: float
    end: float
