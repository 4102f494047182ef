"""Rules as sentences, so that their author can see what was understood."""

from __future__ import annotations

from collections.abc import Iterable

from instantreact_sdk.config.conditions import (
    AllCondition,
    AnyCondition,
    CaptionCondition,
    Condition,
    HealthCondition,
    IntentCondition,
    LabelCondition,
    Leaf,
    NoneCondition,
    SoundCondition,
    SpeechCondition,
    WordsCondition,
)
from instantreact_sdk.config.pipeline_file import Rule
from instantreact_sdk.errors.wording import listed


def rule_in_words(rule: Rule) -> str:
    """What a rule means, as ``When motion is in gate for 2 s, on lobby: tell anna, then hold back for 1 min``."""
    where = f"on {listed(rule.sources)}" if rule.sources else "on any source"
    if rule.across:
        where = f"{where}, looked at together" if not rule.sources else f"on {listed(rule.sources, 'and')} together"
    told = f"tell {listed(rule.notify, 'and')}" if rule.notify else "tell nobody"
    pause = f", then hold back for {length(rule.cooldown)}" if rule.notify and rule.cooldown else ""
    return f"When {condition_in_words(rule.when)}, {where}: {told}{pause}."


def condition_in_words(condition: Condition) -> str:
    """What a condition means, as ``motion is in gate for 2 s``."""
    match condition:
        case AllCondition(all=parts):
            within = f" within {length(condition.within)}" if condition.within is not None else " at the same time"
            return _several(parts, " and ") + (within if len(parts) > 1 else "")
        case AnyCondition(any=parts):
            return _several(parts, " or ")
        case NoneCondition(none=parts):
            return f"for {length(condition.within)} it was not so that {_several(parts, ' or ')}"
        case _:
            text = _leaf(condition)
            return f"{text} on {condition.source}" if condition.source else text


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case LabelCondition():
            return _label(leaf)
        case HealthCondition():
            return f"it is reported as {leaf.health}{_lasting(leaf.for_)}"
        case CaptionCondition():
            text = f"a caption matches /{leaf.caption}/"
        case WordsCondition():
            text = f"somebody says {_quoted(leaf.words)}"
        case SpeechCondition():
            text = f"what is said matches /{leaf.speech}/"
        case IntentCondition():
            text = f"somebody means {_quoted(leaf.intent)}"
        case SoundCondition():
            text = f"there is a sound of {_quoted(leaf.sound)}"
        case _:
            raise TypeError(f"{type(leaf).__name__} has no words yet")
    return text + _sure(leaf.min_score)


def length(seconds: float) -> str:
    """``90 s``, ``2 min``, ``500 ms``."""
    if 0 < seconds < 1:
        return f"{seconds * 1000:g} ms"
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"


def _label(condition: LabelCondition) -> str:
    count = f"at least {condition.count} of " if condition.count > 1 else ""
    where = f" in {condition.zone}" if condition.zone else " seen"
    return f"{count}{listed(condition.label)} is{where}{_lasting(condition.for_)}{_sure(condition.min_score)}"


def _lasting(seconds: float) -> str:
    return f" for {length(seconds)}" if seconds else ""


def _sure(score: float) -> str:
    return f" (score {score:g} or more)" if score else ""


def _several(parts: Iterable[Condition], between: str) -> str:
    return between.join(
        f"({condition_in_words(part)})" if isinstance(part, AllCondition | AnyCondition) else condition_in_words(part)
        for part in parts
    )


def _quoted(words: Iterable[str]) -> str:
    return listed(f"'{word}'" for word in words)
