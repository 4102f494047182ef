"""Whether the plugins that a pipeline file names are there, and take the options that it gives them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ValidationError

from instantreact_sdk.config.load import Loaded
from instantreact_sdk.config.mistakes import mistakes
from instantreact_sdk.config.pipeline_file import ComponentUse
from instantreact_sdk.config.problem import Problem, refuse
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Component
from instantreact_sdk.interfaces.secret import secrets_beside
from instantreact_sdk.registry.choice import Choice
from instantreact_sdk.registry.specs import Kind

SECTIONS: dict[str, Kind] = {
    "sources": "source",
    "detectors": "detector",
    "captioners": "captioner",
    "recognizers": "recognizer",
    "notifiers": "notifier",
}
"""The sections of components, with the kind of what is in them."""


class Resolver(Protocol):
    """What is asked of a registry here."""

    def resolve(self, kind: Kind, use: str, base: Path) -> Choice:
        """See `instantreact_sdk.registry.registry.Registry.resolve`."""


@dataclass(frozen=True, slots=True)
class Configured:
    """One component of a pipeline file, found and with valid options, not made yet.

    Attributes:
        name: Its name in the file.
        kind: What it is.
        use: What the file says of it.
        choice: What a plugin offers for it; ``choice.make(options)`` makes it.
        options: Its valid options.
    """

    name: str
    kind: Kind
    use: ComponentUse
    choice: Choice
    options: BaseModel


def check_components(loaded: Loaded, registry: Resolver) -> tuple[Configured, ...]:
    """Find every component of the file and check its options, in the order of the file's sections.

    The ``hooks.py`` of each named plugin and the modules of its options are imported.

    Raises:
        InstantReactError: IR1003, with all that is wrong.
    """
    found: list[Configured] = []
    problems: list[Problem] = []
    for section, kind in SECTIONS.items():
        for name, use in getattr(loaded.file, section).items():
            place = (section, name)
            try:
                choice = registry.resolve(kind, use.use, loaded.base)
                model = choice.options_type()
            except InstantReactError as error:
                problems.append(loaded.problem((*place, "use"), str(error)))
                continue
            try:
                with secrets_beside(loaded.base):
                    options = model.model_validate(use.options)
            except ValidationError as error:
                wrong = mistakes(error, model, use.options)
                problems.extend(loaded.problem((*place, "options", *inner), what) for inner, what in wrong)
            except Exception as error:  # noqa: BLE001  (a validator of a plugin may raise anything)
                what = f"{choice.plugin} could not check its options: it raised {type(error).__name__}"
                problems.append(loaded.problem((*place, "options"), what))
            else:
                found.append(Configured(name, kind, use, choice, options))
    if problems:
        raise refuse(problems)
    return tuple(found)


def make_components(loaded: Loaded, configured: Iterable[Configured]) -> dict[str, Component]:
    """Make every component, by its name; nothing is opened. The plugins' classes are imported, which may take long.

    Raises:
        InstantReactError: IR1003, with all that cannot be made.
    """
    made: dict[str, Component] = {}
    problems: list[Problem] = []
    for one in configured:
        try:
            made[one.name] = one.choice.make(one.options)
        except InstantReactError as error:
            problems.append(loaded.problem((one.kind + "s", one.name, "use"), str(error)))
    if problems:
        raise refuse(problems)
    return made
