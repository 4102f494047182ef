"""What a recognizer heard in a stretch of sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.types.plain import jsonable, number, share, text


@final
@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word. Times are seconds since the source's ``open()``; `confidence` is in 0..1.

    Raises:
        InstantReactError: IR4011, a value is not what it has to be.
    """

    text: str
    start: float
    end: float
    confidence: float = 1.0

    def __post_init__(self) -> None:
        fill = object.__setattr__
        fill(self, "text", text("Word.text", self.text))
        fill(self, "start", number("Word.start", self.start))
        fill(self, "end", number("Word.end", self.end))
        fill(self, "confidence", share("Word.confidence", self.confidence))


@final
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

    Raises:
        InstantReactError: IR4011, a value is not what it has to be.
    """

    text: str
    start: float
    end: float
    confidence: float = 1.0
    words: tuple[Word, ...] = ()
    intents: Mapping[str, float] = field(default_factory=dict)
    entities: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        fill = object.__setattr__
        fill(self, "text", text("Transcript.text", self.text))
        fill(self, "start", number("Transcript.start", self.start))
        fill(self, "end", number("Transcript.end", self.end))
        fill(self, "confidence", share("Transcript.confidence", self.confidence))
        fill(self, "words", tuple(self.words))
        for word in self.words:
            if type(word) is not Word:
                got = f"with a {type(word).__name__}"
                raise InstantReactError("IR4011", what="Transcript.words", wanted="a tuple of Words", got=got)
        intents = {text("An intent", name): share(f"Intent {name!r}", sure) for name, sure in self.intents.items()}
        fill(self, "intents", intents)
        fill(self, "entities", jsonable("Transcript.entities", self.entities))


@final
@dataclass(frozen=True, slots=True)
class SoundEvent:
    """A sound that is not speech: glass, a scream, a siren.

    Attributes:
        label: Its name.
        score: In 0..1.
        start: Start, seconds since the source's ``open()``.
        end: End, in the same seconds.

    Raises:
        InstantReactError: IR4011, a value is not what it has to be.
    """

    label: str
    score: float
    start: float
    end: float

    def __post_init__(self) -> None:
        fill = object.__setattr__
        fill(self, "label", text("SoundEvent.label", self.label))
        fill(self, "score", share("SoundEvent.score", self.score))
        fill(self, "start", number("SoundEvent.start", self.start))
        fill(self, "end", number("SoundEvent.end", self.end))
