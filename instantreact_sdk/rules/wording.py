"""Conditions and numbers in the words of the decision trace."""

from __future__ import annotations

from collections.abc import Iterator

from instantreact_sdk.config.conditions import (
    ANYTHING,
    WORDS,
    AllCondition,
    AnyCondition,
    Condition,
    HealthCondition,
    LabelCondition,
    NoneCondition,
)


def number(value: float) -> str:
    """With at most two decimals, and none that say nothing."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def wording(condition: Condition) -> str:
    """What a condition asks, for a person; of a compound one, without its parts."""
    match condition:
        case AllCondition(all=parts, within=within):
            return f"all of {len(parts)}" + (f" within {number(within)} s" if within else " at once")
        case AnyCondition(any=parts):
            return f"any of {len(parts)}"
        case NoneCondition(none=parts, within=within):
            return f"none of {len(parts)} for {number(within)} s"
        case _:
            return ", ".join(_asked(condition))


def _asked(leaf: Condition) -> Iterator[str]:
    word = next(word for word, model in WORDS.items() if isinstance(leaf, model))
    value = getattr(leaf, word)
    if isinstance(leaf, LabelCondition) and ANYTHING in leaf.label:
        value = "of any name"
    zone = f" in {leaf.zone}" if isinstance(leaf, LabelCondition) and leaf.zone else ""
    yield f"{word} {value if isinstance(value, str) else ' or '.join(value)}{zone}"
    if isinstance(leaf, LabelCondition) and leaf.count > 1:
        yield f"at least {leaf.count}"
    if score := getattr(leaf, "min_score", 0.0):
        yield f"score >= {number(score)}"
    if isinstance(leaf, LabelCondition | HealthCondition) and leaf.for_:
        yield f"for {number(leaf.for_)} s"
    if source := getattr(leaf, "source", None):
        yield f"at {source}"
