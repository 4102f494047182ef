"""How captions, transcripts and sounds are read by the conditions about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import regex

from instantreact_sdk.config.conditions import (
    CaptionCondition,
    IntentCondition,
    SoundCondition,
    SpeechCondition,
    WordsCondition,
)
from instantreact_sdk.rules.spoken import phrases
from instantreact_sdk.types import Caption, Observation, SoundEvent, Transcript

SEARCH_LIMIT = 0.1
"""Seconds that a search for a pattern may take; a pattern that takes longer has not been found."""

ReadingCondition = CaptionCondition | WordsCondition | SpeechCondition | IntentCondition | SoundCondition


@dataclass(frozen=True, slots=True)
class Reading:
    """Something asked for, found in an observation.

    Attributes:
        what: What was found, for a person.
        score: How sure it is, in 0..1; negative where it could not be looked for.
        start: When it began, in the source's own seconds.
    """

    what: str
    score: float
    start: float


Reader = Callable[[Observation], list[Reading]]


def reader(asked: ReadingCondition) -> Reader:
    """What finds the thing that a condition asks for, whatever its score."""
    match asked:
        case CaptionCondition(caption=pattern):
            return _searcher(pattern, Caption)
        case SpeechCondition(speech=pattern):
            return _searcher(pattern, Transcript)
        case WordsCondition(words=wanted):
            return lambda seen: _words(wanted, seen)
        case IntentCondition(intent=names):
            return lambda seen: _intents(names, seen)
        case SoundCondition(sound=names):
            return lambda seen: _sounds(names, seen)


def _searcher(pattern: str, kind: type[Caption | Transcript]) -> Reader:
    compiled = regex.compile(pattern, regex.IGNORECASE)

    def search(seen: Observation) -> list[Reading]:
        value = seen.value
        if not isinstance(value, Caption | Transcript) or not isinstance(value, kind):
            return []
        try:
            found = compiled.search(value.text, timeout=SEARCH_LIMIT)
        except TimeoutError:
            return [Reading(f"the search took more than {SEARCH_LIMIT:g} s", -1.0, seen.time)]
        return [Reading(f'"{value.text}"', value.confidence, seen.time)] if found else []

    return search


def _words(wanted: tuple[str, ...], seen: Observation) -> list[Reading]:
    if not isinstance(seen.value, Transcript):
        return []
    return [Reading(f'"{found.text}"', found.confidence, found.start) for found in phrases(wanted, seen.value)]


def _intents(names: tuple[str, ...], seen: Observation) -> list[Reading]:
    if not isinstance(seen.value, Transcript):
        return []
    intents = seen.value.intents
    return [Reading(name, intents[name], seen.time) for name in names if name in intents]


def _sounds(names: tuple[str, ...], seen: Observation) -> list[Reading]:
    if not isinstance(seen.value, SoundEvent) or seen.value.label not in names:
        return []
    return [Reading(seen.value.label, seen.value.score, seen.time)]
