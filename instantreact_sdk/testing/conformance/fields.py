"""Looking into options models: their fields, also those of models inside, and which of them hold secrets."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

_NAMES = ("token", "password", "passwd", "secret", "api_key", "apikey", "credentials")


def fields_of(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """All fields, those of models inside too, by their place: ``account.token``."""
    yield from _fields(model, "", ())


def models_in(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """The models of its fields, and of theirs, by their place."""
    for place, info in fields_of(model):
        for found in _types(info.annotation):
            if _is_model(found):
                yield place, found


def is_secret(info: FieldInfo) -> bool:
    """Whether its value, or one inside it, is shown as asterisks."""
    return any(each in (SecretStr, SecretBytes) for each in _types(info.annotation))


def should_be_secret(place: str, info: FieldInfo) -> bool:
    """Whether it is a text whose name says that nobody may read it.

    One with a default is none (``end_token: str = "<end>"``), unless that is empty.
    """
    is_text = any(each in (str, bytes) for each in _types(info.annotation)) and not is_secret(info)
    return is_text and place.lower().endswith(_NAMES) and (info.is_required() or not info.default)


def key(name: str, info: FieldInfo) -> str:
    """How the pipeline file calls a field."""
    return info.validation_alias if isinstance(info.validation_alias, str) else info.alias or name


def shown(options: BaseModel) -> Iterator[str]:
    """The secrets that options hold, in the clear."""
    for name in type(options).model_fields:
        yield from _secrets(getattr(options, name))


def _secrets(value: Any) -> Iterator[str]:
    match value:
        case SecretStr():
            yield value.get_secret_value()
        case SecretBytes():
            yield value.get_secret_value().decode(errors="replace")
        case BaseModel():
            yield from shown(value)
        case dict():
            for one in value.values():
                yield from _secrets(one)
        case list() | tuple() | set() | frozenset():
            for one in value:
                yield from _secrets(one)


def _fields(model: type[BaseModel], before: str, above: tuple[type[BaseModel], ...]) -> Iterator[tuple[str, FieldInfo]]:
    for name, info in model.model_fields.items():
        yield f"{before}{name}", info
        for inner in _types(info.annotation):
            if _is_model(inner) and inner not in (*above, model):  # a model may hold others of its kind
                yield from _fields(inner, f"{before}{name}.", (*above, model))


def _types(annotation: Any) -> Iterator[Any]:
    """An annotation, and all that it is made of."""
    yield annotation
    for part in get_args(annotation):
        yield from _types(part)


def _is_model(found: Any) -> bool:
    return inspect.isclass(found) and issubclass(found, BaseModel)
