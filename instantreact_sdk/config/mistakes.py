"""What pydantic found wrong, in words for the person who wrote the file; never with what they wrote as a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from instantreact_sdk.config.conditions import WORDS
from instantreact_sdk.config.marks import Place
from instantreact_sdk.config.places import keys, locate
from instantreact_sdk.errors.wording import listed, nearest

_QUALIFIERS = {key for model in WORDS.values() for key in keys(model)} - set(WORDS)
_CONTAINERS = {
    "dict_type": "has to be a mapping of keys and values",
    "model_type": "has to be a mapping of keys and values",
    "list_type": "has to be a list",
    "tuple_type": "has to be a list",
}


def mistakes(error: ValidationError, model: type[BaseModel], data: Any) -> Iterator[tuple[Place, str]]:
    """Where each mistake is, and what it is.

    Args:
        error: What ``model.model_validate(data)`` raised.
        model: The model.
        data: What was validated.
    """
    for detail in error.errors(include_url=False, include_context=True):
        location: Place = detail["loc"]
        place, holder = locate(model, location)
        yield place, _described(detail, place, holder, data)


def _described(  # noqa: PLR0911  (one for each kind)
    detail: ErrorDetails, place: Place, holder: type[BaseModel] | None, data: Any
) -> str:
    kind, value = detail["type"], _value(data, place)
    if detail["loc"][-1:] == ("[key]",):
        return "a name is text of 1 to 64 characters without `/`"
    if kind == "extra_forbidden" and holder:
        return _unknown(str(place[-1]), holder)
    if kind == "missing":
        return "has to be given"
    if kind == "condition":
        return _no_condition(value)
    if value is None:
        return "has no value"
    if kind in _CONTAINERS:
        return _CONTAINERS[kind]
    if kind == "string_type":
        return "has to be text" + ("" if isinstance(value, dict | list) else "; put it in quotes")
    return _in_our_words(detail, value)


def _value(data: Any, place: Place) -> Any:
    """What is written there; anything but None where nothing is."""
    for part in place:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return ...
    return data


def _unknown(key: str, holder: type[BaseModel]) -> str:
    name, colon, _ = key.partition(":")
    if colon:  # what stands behind the colon was meant as a value: it may be a secret
        return f"write a space after the colon of `{name}:`"
    word = next((word for word, model in WORDS.items() if model is holder), None)
    if word and key in _QUALIFIERS:
        owners = listed(f"`{other}`" for other, model in WORDS.items() if key in keys(model))
        return f"`{key}` goes with {owners}, not with `{word}`"
    return f"unknown key{_perhaps(key, [*keys(holder), *(WORDS if word else ())])}"


def _no_condition(value: Any) -> str:
    if not isinstance(value, dict):
        return "a condition is a mapping, as in `{label: person}`"
    found = [word for word in WORDS if word in value]
    if len(found) > 1:
        several = listed((f"`{word}`" for word in found), "and")
        return f"a condition has one of {several}, not {len(found)}; put them into a list below `all` or `any`"
    for key in value:
        if key not in _QUALIFIERS and (right := nearest(key, WORDS)):
            return f"unknown key `{key}`; did you mean '{right}'?"
    return f"a condition has one of the words {listed(WORDS)}"


def _in_our_words(detail: ErrorDetails, value: Any) -> str:
    match detail["type"]:
        case "literal_error" | "enum":
            expected = detail["ctx"]["expected"]
            choices = re.findall("'([^']*)'", expected)
            return f"has to be {expected}{_perhaps(str(value), choices)}"
        case "union_tag_invalid":  # pydantic's own sentence quotes what was written
            return f"{detail['ctx']['discriminator']} has to be one of {detail['ctx']['expected_tags']}"
        case "too_short":
            return f"needs {detail['ctx']['min_length']} at least"
    message = (
        detail["msg"].partition(", unable to parse")[0].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    )
    for theirs, ours in (("Input should be", "has to be"), ("Input should", "has to"), ("should have", "has to have")):
        message = message.replace(theirs, ours)
    return message[:1].lower() + message[1:]


def _perhaps(word: str, known: Iterable[str]) -> str:
    right = nearest(word, known)
    return f"; did you mean '{right}'?" if right else ""
