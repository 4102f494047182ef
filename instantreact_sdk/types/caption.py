"""What a captioner saw in a clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from instantreact_sdk.types.plain import number, share, text


@final
@dataclass(frozen=True, slots=True)
class Caption:
    """A clip in words.

    Attributes:
        text: One sentence.
        confidence: In 0..1.
        start: Start of the clip, seconds since the source's ``open()``.
        end: End of the clip, in the same seconds.

    Raises:
        InstantReactError: IR4011, a value is not what it has to be.
    """

    text: str
    confidence: float
    start: float
    end: float

    def __post_init__(self) -> None:
        fill = object.__setattr__
        fill(self, "text", text("Caption.text", self.text))
        fill(self, "confidence", share("Caption.confidence", self.confidence))
        fill(self, "start", number("Caption.start", self.start))
        fill(self, "end", number("Caption.end", self.end))
