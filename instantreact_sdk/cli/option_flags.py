"""A model of options as flags: its types, choices, defaults and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from inspect import Parameter, isclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
import typer
import yaml
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from rich.markup import escape

from instantreact_sdk.config.marks import Place

_SCALARS = {str: "TEXT", int: "INT", float: "FLOAT", Path: "PATH", SecretStr: "SECRET", bool: "BOOL"}
_NOTHING = "none"
_LISTS = (tuple, list, set, frozenset)


@dataclass(frozen=True, slots=True)
class Flag:
    """One option on the command line.

    Attributes:
        option: Its name in the model.
        field: What the model says of it.
        shape: How its value is written: ``INT``, ``sgd|adam``, ``FLOAT,FLOAT,...``; empty for a pair ``--x/--no-x``.
        members: The types that a value may have; of each item, where it is a list.
        listed: Whether it is a list.
    """

    option: str
    field: FieldInfo
    shape: str
    members: tuple[Any, ...]
    listed: bool

    @property
    def name(self) -> str:
        """As it is typed: ``--base-weights``."""
        return f"--{self.option.replace('_', '-')}"

    def parameter(self, panel: str) -> Parameter:
        """Of the function that typer makes a command of."""
        names = self.name if self.shape else f"{self.name}/--no-{self.name[2:]}"
        extra = {"metavar": self.shape} if self.shape else {}
        option = typer.Option(names, help=escape(self.help), rich_help_panel=panel, show_default=False, **extra)  # type: ignore[arg-type]  # typer's overloads know no **
        kind = str if self.shape else bool
        return Parameter(self.option, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, option])

    def value(self, text: str) -> Any:
        """What the model is given for what was typed; the model says whether it is right."""
        optional = NoneType in self.members
        if text == _NOTHING and optional and not {str, Path} & {*self.members}:
            return None
        if not self.listed:
            return self._item(text)
        return [self._item(item.strip()) for item in text.split(",")] if text.strip() else []

    def _item(self, text: str) -> Any:
        """Text, which models turn into what they want; but for choices that are no text, and where text would hide a number."""
        for choice in self._choices():
            if str(choice) == text:
                return choice
        if str in self.members and {int, float} & {*self.members}:
            found = yaml.safe_load(text) if text else text
            return found if isinstance(found, int | float) else text
        return text

    def _choices(self) -> list[Any]:
        return [choice for member in self.members if get_origin(member) is Literal for choice in get_args(member)]

    @property
    def help(self) -> str:
        """Its description, what is allowed, and what it is where it is not set."""
        words = " ".join((self.field.description or "").replace("``", "").split())
        said = [part for part in (self._range(), self._default()) if part]
        return f"{words} ({'; '.join(said)})" if said else words

    def _range(self) -> str:
        """``from 1``, ``above 0 to 1``: what is allowed of a number."""
        words = {"ge": "from {}", "gt": "above {}", "le": "to {}", "lt": "below {}"}
        found = {
            key: getattr(rule, key)
            for rule in self.field.metadata
            if isinstance(rule, annotated_types.BaseMetadata)
            for key in words
            if getattr(rule, key, None) is not None
        }
        return " ".join(words[key].format(found[key]) for key in words if key in found)

    def _default(self) -> str:
        if self.field.is_required():
            return "required"
        default = self.field.get_default(call_default_factory=True)
        if default is None or default is PydanticUndefined or isinstance(default, SecretStr):
            return ""
        if isinstance(default, bool) and not self.shape:
            default = self.name if default else f"--no-{self.name[2:]}"
        if isinstance(default, _LISTS):
            default = ",".join(map(str, default)) or "nothing"
        return f"default: {default.value if isinstance(default, Enum) else default}"


def flags_of(model: type[BaseModel], taken: frozenset[str]) -> tuple[list[Flag], list[str]]:
    """The options that can be flags, and the names of those that cannot: models, mappings and lists of lists.

    Args:
        model: The options.
        taken: Names of parameters that the command itself has.
    """
    flags, others = [], []
    for name, field in model.model_fields.items():
        flag = None if name in taken else _flag(name, field)
        if flag:
            flags.append(flag)
        else:
            others.append(name)
    return flags, others


def _flag(name: str, field: FieldInfo) -> Flag | None:
    members = _members(field.annotation)
    kept = [member for member in members if member is not NoneType]
    if kept == [bool]:
        return Flag(name, field, "", tuple(members), listed=False)
    if len(kept) == 1 and get_origin(kept[0]) in _LISTS:
        items = _members(Union[tuple(each for each in get_args(kept[0]) if each is not Ellipsis)])  # noqa: UP007  (of as many as there are)
        shape = _shape(items)
        return Flag(name, field, f"{shape},...", (*items, *members), listed=True) if shape else None
    shape = _shape(kept)
    return Flag(name, field, shape, tuple(members), listed=False) if shape else None


def _members(annotation: Any) -> list[Any]:
    """The types of a union, or the one that it is."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        return [member for each in get_args(annotation) for member in _members(each)]
    return [annotation]


def _shape(members: Sequence[Any]) -> str:
    """``FLOAT|auto``; empty where a member cannot be written in one word."""
    words: list[str] = []
    for member in members:
        if get_origin(member) is Literal:
            words += map(str, get_args(member))
        elif isclass(member) and issubclass(member, Enum):
            words += [str(each.value) for each in member]
        elif member in _SCALARS:
            words.append(_SCALARS[member])
        else:
            return ""
    return "|".join(dict.fromkeys(words))


def given(flags: Sequence[Flag], typed: Mapping[str, Any], written: Sequence[str]) -> dict[str, Any]:
    """What the model is given.

    Args:
        flags: Of the model.
        typed: What typer found, by the names of the options.
        written: What ``--option`` was given, ``architecture.size=300`` each.

    Raises:
        typer.BadParameter: One of `written` is not of that form.
    """
    found: dict[str, Any] = {}
    for flag in flags:
        if (value := typed.get(flag.option)) is not None:
            found[flag.option] = flag.value(value) if flag.shape else value
    for text in written:
        path, equals, value = text.partition("=")
        keys = path.strip().replace("-", "_").split(".")
        if not equals or not all(keys):
            raise typer.BadParameter(f"{text!r} is no NAME=VALUE, as size=300", param_hint="--option")
        try:
            read = yaml.safe_load(value)
        except yaml.YAMLError:
            raise typer.BadParameter(f"the value of {path} is no YAML", param_hint="--option") from None
        _put(found, keys, read, text)
    return found


def _put(found: dict[str, Any], keys: list[str], value: Any, text: str) -> None:
    *way, last = keys
    for key in way:
        found = found.setdefault(key, {})
        if not isinstance(found, dict):
            raise typer.BadParameter(f"{text!r} is inside of what another one sets", param_hint="--option")
    found[last] = value


def named(flags: Sequence[Flag]) -> Callable[[Place], str]:
    """How the user knows the option at a place: by its flag, or by ``--option``."""
    by_option = {flag.option: flag.name for flag in flags}

    def name(place: Place) -> str:
        if str(place[0]) in by_option:
            return by_option[str(place[0])]
        return f"--option {'.'.join(map(str, place))}"

    return name
