"""From where pydantic says that an error is, to where it is in the file."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic.fields import FieldInfo

from instantreact_sdk.config.marks import Place

_KEY = "[key]"


def keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """What may be written in the file for a model: aliases where it has them."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def locate(annotation: Any, location: Place) -> tuple[Place, type[BaseModel] | None]:
    """The same location without what pydantic adds to it, and the model that its last part is a key of.

    Pydantic names the member of a union that it tried, and adds ``[key]`` for the name in a mapping; neither is in the
    file.

    Args:
        annotation: The type that was validated.
        location: ``loc`` of one of ``ValidationError.errors()``.
    """
    place: list[str | int] = []
    holder: type[BaseModel] | None = None
    for part in location:
        if part == _KEY:
            continue
        annotation = _bare(annotation)
        if len(members := _members(annotation)) > 1:
            annotation = _member(members, part)
            continue
        holder = None
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            holder = annotation
            field = keys(annotation).get(str(part))
            annotation = field.annotation if field else Any
        else:
            annotation = _item(annotation)
        place.append(part)
    return tuple(place), holder


def _bare(annotation: Any) -> Any:
    """Without metadata, and without the None of something optional."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    members = _members(annotation)
    return _bare(members[0]) if len(members) == 1 else annotation


def _members(annotation: Any) -> list[Any]:
    if get_origin(annotation) not in (Union, UnionType):
        return []
    return [member for member in get_args(annotation) if member is not NoneType]


def _member(members: list[Any], name: str | int) -> Any:
    for member in members:
        model = _bare(member)
        tags = [extra.tag for extra in get_args(member)[1:] if isinstance(extra, Tag)]
        if name in tags or getattr(model, "__name__", None) == name or _is_told_by(model, name):
            return model
    return Any


def _is_told_by(model: Any, name: str | int) -> bool:
    """Whether a model has a field that can only be this name, by which pydantic told the union's members apart."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return False
    literals = [field.annotation for field in model.model_fields.values() if get_origin(field.annotation) is Literal]
    return any(name in get_args(literal) for literal in literals)


def _item(annotation: Any) -> Any:
    arguments = get_args(annotation)
    if get_origin(annotation) is dict:
        return arguments[1]
    return arguments[0] if get_origin(annotation) in (list, tuple) else Any
