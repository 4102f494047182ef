"""What a recognizer heard in a stretch of sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word. Times are seconds since the source's ``open()``; `confidence` is in 0..1."""

    text: str
    start: float
    end: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Transcript:
    """Speech in words.

    Attributes:
        text: What was said.
        start: Start, seconds since the source's ``open()``.
        end: End, in the same seconds.
        confidence: In 0..1.
        words: The words with their times, where the recognizer tells them.
        intents: Intents with their confidence in 0..1, where the recognizer understands them.
        entities: Named things that were said (a place, an amount), as the recognizer gives them; JSON-able.
    """

    text: str
    start: float
    end: float
    confidence: float = 1.0
    words: tuple[Word, ...] = ()
    intents: Mapping[str, float] = field(default_factory=dict)
    entities: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """A sound that is not speech: glass, a scream, a siren.

    Attributes:
        label: Its name.
        score: In 0..1.
        start: Start, seconds since the source's ``open()``.
        end: End, in the same seconds.
    """

    label: str
    score: float
    start: float
    end: float
