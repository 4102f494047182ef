"""Importing what a plugin names, behind a guard."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from functools import reduce
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from instantreact_sdk.errors.wording import nearest
from instantreact_sdk.registry.fault import Fault, guarded

if TYPE_CHECKING:
    from instantreact_sdk.interfaces import Options

INTERFACES = {
    "source": "FrameSource",
    "detector": "Detector",
    "captioner": "Captioner",
    "recognizer": "AudioRecognizer",
    "notifier": "Notifier",
}
"""The interface of each kind, by its name in `instantreact_sdk.interfaces`."""


def load_module(name: str) -> ModuleType:
    """Import a module.

    Raises:
        Fault: There is none, or importing it failed.
    """
    try:
        with guarded(f"importing {name}"):
            return import_module(name)
    except Fault as fault:
        missing = getattr(fault.__cause__, "name", None)
        if isinstance(fault.__cause__, ModuleNotFoundError) and f"{name}.".startswith(f"{missing}."):
            raise Fault(f"there is no module {name}", "Correct the name in the plugin.") from fault
        raise


def load_attribute(target: str) -> Any:
    """What ``package.module:Name`` stands for.

    Raises:
        Fault: The module or the name is not there, or importing failed.
    """
    name, _, path = target.partition(":")
    module = load_module(name)
    with guarded(f"reading {target}"):
        try:
            return reduce(getattr, path.split("."), module)
        except AttributeError:
            raise Fault(f"{name} has no {path!r}", did_you_mean(path, vars(module))) from None


def load_factory(kind: str, target: str) -> type[Any]:
    """The class of a component.

    Raises:
        Fault: It cannot be had, or is no class of that kind, or lacks one of its methods.
    """
    from instantreact_sdk import interfaces

    return load_subclass(target, getattr(interfaces, INTERFACES[kind]))


def load_subclass(target: str, interface: type[Any]) -> type[Any]:
    """A class that has all that an interface asks for.

    Raises:
        Fault: It cannot be had, or is no subclass, or lacks one of its methods.
    """
    found = load_attribute(target)
    name = interface.__name__
    if not (inspect.isclass(found) and issubclass(found, interface)):
        raise Fault(f"{target} is no subclass of {name}", f"Derive it from {name}.")
    if lacking := sorted(getattr(found, "__abstractmethods__", ())):
        raise Fault(
            f"{target} lacks {', '.join(lacking)}",
            f"Define it in the class, not in its constructor; `help(instantreact_sdk.{name})` says how.",
        )
    return found


def load_options(target: str) -> type[Options]:
    """The options model of a component.

    Raises:
        Fault: It cannot be had, or is no subclass of `Options`.
    """
    from instantreact_sdk.interfaces import Options

    options = load_attribute(target)
    if not (inspect.isclass(options) and issubclass(options, Options)):
        raise Fault(f"{target} is no subclass of Options", "Derive it from instantreact_sdk.Options.")
    return options


def did_you_mean(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """A question after the nearest of some names; `otherwise` where none is near."""
    near = nearest(name, names)
    return f"Did you mean {near!r}?" if near else otherwise
