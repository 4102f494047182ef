"""What a user sets of a component, a trainer or an exporter, checked by its model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from shlex import quote
from typing import Any

from pydantic import BaseModel, ValidationError

from instantreact_sdk.config.marks import Place
from instantreact_sdk.config.mistakes import mistakes
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces.secret import secrets_beside


def dotted(place: Place) -> str:
    """How Python and pipeline files name an option: ``architecture.size``."""
    return ".".join(map(str, place))


def checked(
    model: type[BaseModel],
    given: Mapping[str, Any],
    *,
    id: str,  # noqa: A002  (what everyone calls it)
    base: Path,
    name: Callable[[Place], str] = dotted,
    fix: str = "",
) -> BaseModel:
    """The options, valid.

    Args:
        model: What checks them.
        given: What the user set.
        id: Of the component that they are for.
        base: The folder of files with secrets.
        name: How the user knows the option at a place.
        fix: What to do where they are wrong; by default the command that lists those of a detector.

    Raises:
        InstantReactError: IR7021, with all that is wrong and never with a value.
    """
    try:
        with secrets_beside(base):
            return model.model_validate(dict(given))
    except ValidationError as error:
        said: dict[str, list[str]] = {}
        for place, what in mistakes(error, model, given):  # several of one place: what each type of a union says
            said.setdefault(name(place) if place else "", []).append(what)
        wrong = [f"{each} {' or '.join(dict.fromkeys(what))}".strip() for each, what in said.items()]
    except Exception as error:  # noqa: BLE001  (a validator of a plugin may raise anything)
        wrong = [f"checking them raised {type(error).__name__}"]
    fix = fix or f"See `instantreact-sdk detect --use {quote(id)} --help`."
    problem = "; ".join(wrong)
    raise InstantReactError("IR7021", id=id, problem=problem if problem.endswith("?") else f"{problem}.", fix=fix)
