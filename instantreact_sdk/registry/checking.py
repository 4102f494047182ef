"""Checks that what a plugin registers is what it should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, get_args, get_type_hints

from instantreact_sdk.registry.fault import Fault, guarded
from instantreact_sdk.registry.specs import Capabilities, CommandSpec, ComponentSpec, Spec

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Names of plugins and of what they register."""

MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_TARGET = re.compile(rf"{MODULE.pattern}:{MODULE.pattern}")
_LONGEST = 300
_SENDS: tuple[str, ...] = get_args(get_args(get_type_hints(Capabilities)["sends"])[0])


def checked_specs(returned: object) -> tuple[Spec, ...]:
    """The specs that a plugin returned from ``instantreact_register``.

    Raises:
        Fault: It returned something else, or a field of a spec is not what it should be.
    """
    if isinstance(returned, (str, bytes, dict)) or not isinstance(returned, Iterable):
        raise Fault(f"instantreact_register returned {_a(returned)}, not a list of specs", "Return a list of specs.")
    with guarded("instantreact_register"):
        specs = tuple(returned)
    for spec in specs:
        _check_spec(spec)
    return specs


def _check_spec(spec: object) -> None:
    if not isinstance(spec, (ComponentSpec, CommandSpec)) or not hasattr(spec, "kind"):
        raise Fault(
            f"instantreact_register returned {_a(spec)} among its specs",
            "Return SourceSpec, DetectorSpec, CaptionerSpec, RecognizerSpec, NotifierSpec or CommandSpec.",
        )
    for field in fields(spec):
        value = getattr(spec, field.name)
        passes, wanted = _FIELDS[field.name]
        if not passes(value):
            name = "" if field.name == "name" else f" {spec.name!r}"
            raise Fault(f"the {type(spec).__name__}{name} has {field.name}={_shown(value)}", f"It has to be {wanted}.")
    if isinstance(spec, ComponentSpec):
        _check_capabilities(spec)


def _check_capabilities(spec: ComponentSpec) -> None:
    for field in fields(Capabilities):
        value = getattr(spec.needs, field.name)
        match field.name:
            case "hosts":
                good, wanted = _is_texts(value), "a tuple of strings"
            case "sends":
                good, wanted = _is_texts(value) and set(value) <= set(_SENDS), f"a tuple of {', '.join(_SENDS)}"
            case _:
                good, wanted = isinstance(value, bool), "True or False"
        if not good:
            raise Fault(
                f"the {type(spec).__name__} {spec.name!r} has needs.{field.name}={value!r}", f"It has to be {wanted}."
            )


def _a(value: object) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."


def _is_name(value: object) -> bool:
    return isinstance(value, str) and NAME.fullmatch(value) is not None


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable() and len(value) <= _LONGEST


def _is_target(value: object) -> bool:
    return isinstance(value, str) and _TARGET.fullmatch(value) is not None


def _is_target_or_empty(value: object) -> bool:
    return value == "" or _is_target(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)


_FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "name": (_is_name, "lower-case letters, digits and hyphens"),
    "summary": (_is_sentence, f"one sentence, in one line of at most {_LONGEST} characters"),
    "factory": (_is_target, "`package.module:Class`"),
    "options": (_is_target, "`package.module:Class`"),
    "check": (_is_target_or_empty, "`package.module:function`, or empty"),
    "trainer": (_is_target_or_empty, "`package.module:Class`, or empty"),
    "exporter": (_is_target_or_empty, "`package.module:Class`, or empty"),
    "app": (_is_target, "`package.module:app`"),
    "stateful": (lambda value: isinstance(value, bool), "True or False"),
    "needs": (lambda value: isinstance(value, Capabilities), "a Capabilities"),
    "schemes": (_is_texts, "a tuple of strings"),
}
