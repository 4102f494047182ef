"""What a rule may ask for: the part of the pipeline file below ``when``.

A condition is a mapping with exactly one of the words ``label``, ``caption``, ``words``, ``speech``, ``intent``, ``sound``,
``health``, ``all``, ``any``, ``none``, and what qualifies it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import regex
from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from instantreact_sdk.config.duration import Duration
from instantreact_sdk.config.strict import Strict
from instantreact_sdk.types import HealthKind

Score = Annotated[float, Field(ge=0, le=1)]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _compiles(text: str) -> str:
    try:
        regex.compile(text)
    except RecursionError:
        raise ValueError("this regular expression is nested too deep") from None
    except regex.error as error:
        raise ValueError(f"this is not a regular expression: {error}") from None
    return text


def _speakable(phrases: tuple[str, ...]) -> tuple[str, ...]:
    for phrase in phrases:
        if not any(sign.isalnum() for sign in phrase):
            raise ValueError("each of the words needs a letter or a digit, or it can never be said")
    return phrases


_TEXT = {"type": "string", "minLength": 1}

Names = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(_listed),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}),
]
"""One name, or a list of names any of which will do."""

ANYTHING = "*"
"""The label that stands for whatever a detector finds."""

Pattern = Annotated[str, Field(min_length=1), AfterValidator(_compiles)]
"""A regular expression, searched for anywhere in the text, whatever its case."""


class Leaf(Strict):
    """What a single observation can satisfy."""

    source: str | None = None
    """Only observations of this source; for rules with ``across: true``."""


class LabelCondition(Leaf):
    """Objects of a detector, in one frame."""

    label: Names
    """What the object is; `*` for whatever a detector finds."""
    min_score: Score = 0.0
    """Only objects with at least this score."""
    zone: str | None = None
    """Only objects the bottom centre of whose box is inside this zone."""
    count: int = Field(1, ge=1)
    """At least so many of them in one frame."""
    for_: Duration = Field(0.0, alias="for")
    """True at every sampled frame for so long; gaps up to 1 s are forgiven; of one track where there are tracks."""


class CaptionCondition(Leaf):
    """A clip in words."""

    caption: Pattern
    """What the caption says."""
    min_score: Score = 0.0
    """Only captions with at least this confidence."""


class WordsCondition(Leaf):
    """Spoken words."""

    words: Annotated[Names, AfterValidator(_speakable)]
    """Whole words or phrases, any of which will do, whatever their case."""
    min_score: Score = 0.0
    """Only words with at least this confidence."""


class SpeechCondition(Leaf):
    """What was said."""

    speech: Pattern
    """What the transcript says."""
    min_score: Score = 0.0
    """Only transcripts with at least this confidence."""


class IntentCondition(Leaf):
    """What was meant."""

    intent: Names
    """Intents that the recognizer understands."""
    min_score: Score = 0.0
    """Only intents with at least this confidence."""


class SoundCondition(Leaf):
    """A sound that is not speech."""

    sound: Names
    """What the sound is."""
    min_score: Score = 0.0
    """Only sounds with at least this score."""


class HealthCondition(Leaf):
    """How a component is doing."""

    health: HealthKind
    """What happened to it."""
    for_: Duration = Field(0.0, alias="for")
    """It stayed so for so long; ``online`` ends ``offline``, ``frozen``, ``black`` and ``silent``."""


class AllCondition(Strict):
    """Everything in the list."""

    all: list[Condition] = Field(min_length=1)
    """The conditions."""
    within: Duration | None = None
    """All of them end inside one window of this length; left out: in the same frame, for conditions on labels."""


class AnyCondition(Strict):
    """Anything in the list."""

    any: list[Condition] = Field(min_length=1)
    """The conditions."""


class NoneCondition(Strict):
    """Nothing in the list, for a while."""

    none: list[Condition] = Field(min_length=1)
    """The conditions."""
    within: Duration = Field(gt=0)
    """So long none of them was true, although there was something to see or hear."""


WORDS: dict[str, type[Strict]] = {
    "label": LabelCondition,
    "caption": CaptionCondition,
    "words": WordsCondition,
    "speech": SpeechCondition,
    "intent": IntentCondition,
    "sound": SoundCondition,
    "health": HealthCondition,
    "all": AllCondition,
    "any": AnyCondition,
    "none": NoneCondition,
}
"""The word that makes a condition what it is, with its model."""


def _word(value: Any) -> str | None:
    if isinstance(value, Strict):
        return next((word for word, model in WORDS.items() if type(value) is model), None)
    if isinstance(value, dict):
        found = [word for word in WORDS if word in value]
        if len(found) == 1:
            return found[0]
    return None


Condition = Annotated[
    Annotated[LabelCondition, Tag("label")]
    | Annotated[CaptionCondition, Tag("caption")]
    | Annotated[WordsCondition, Tag("words")]
    | Annotated[SpeechCondition, Tag("speech")]
    | Annotated[IntentCondition, Tag("intent")]
    | Annotated[SoundCondition, Tag("sound")]
    | Annotated[HealthCondition, Tag("health")]
    | Annotated[AllCondition, Tag("all")]
    | Annotated[AnyCondition, Tag("any")]
    | Annotated[NoneCondition, Tag("none")],
    Discriminator(
        _word,
        custom_error_type="condition",
        custom_error_message="a condition has exactly one of the words label, caption, words, speech, intent, sound, health, all, any, none",
    ),
]

for _model in (AllCondition, AnyCondition, NoneCondition):
    _model.model_rebuild()

Channel = Literal["picture", "caption", "sound", "health"]
"""What a condition waits for: frames through detectors, captions, recognized sound, health."""


def leaves(condition: Condition) -> list[Leaf]:
    """All conditions on single observations in a tree of conditions, in the order in which they are written."""
    match condition:
        case AllCondition(all=parts) | AnyCondition(any=parts) | NoneCondition(none=parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case _:
            return [condition]


def channel(leaf: Leaf) -> Channel:
    """The channel whose observations can satisfy this condition."""
    match leaf:
        case LabelCondition():
            return "picture"
        case CaptionCondition():
            return "caption"
        case HealthCondition():
            return "health"
        case _:
            return "sound"
