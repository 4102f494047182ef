"""Importing a plugin's ``hooks.py``, and asking it what it registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType

import pluggy

from instantreact_sdk.registry import hookspecs
from instantreact_sdk.registry.checking import checked_specs
from instantreact_sdk.registry.fault import Fault, guarded
from instantreact_sdk.registry.importing import did_you_mean, load_module
from instantreact_sdk.registry.specs import Kind, Spec

_REGISTER = "instantreact_register"
_HOOKS = [name for name in vars(hookspecs) if name.startswith("instantreact_")]


@dataclass(frozen=True, slots=True)
class Observer:
    """An observing hook of one plugin.

    Attributes:
        plugin: Distribution and version.
        hook: ``instantreact_event`` or ``instantreact_health``.
        function: The implementation.
        takes: Names of its parameters: it may leave out the hook's.
    """

    plugin: str
    hook: str
    function: Callable[..., object]
    takes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a plugin's ``hooks.py`` gave.

    Attributes:
        specs: All specs, in the order of the plugin.
        clashes: Kind and name of those that it registers more than once: none of them can be used.
        observers: Its observing hooks.
    """

    specs: tuple[Spec, ...]
    clashes: frozenset[tuple[Kind, str]]
    observers: tuple[Observer, ...]


def load(target: str, plugin: str) -> Loaded:
    """Import a plugin and check everything that it hands over, field by field.

    Args:
        target: The module of its hooks.
        plugin: Distribution and version.

    Raises:
        Fault: Anything is wrong with it.
    """
    return ask(load_module(target), plugin)


def ask(module: ModuleType, plugin: str) -> Loaded:
    """What the hooks of an imported module register.

    Raises:
        Fault: Anything is wrong with them.
    """
    manager = pluggy.PluginManager("instantreact")
    manager.add_hookspecs(hookspecs)
    with guarded(f"reading the hooks of {module.__name__}"):
        try:
            manager.register(module)
        except pluggy.PluginValidationError as error:
            problem = " ".join(str(error).split()).rpartition("hookimpl definition: ")[2]
            raise Fault(f"a hook of {module.__name__} is not what its specification says: {problem}") from error
        callers = manager.get_hookcallers(module) or []
        _check_names(module, callers)
        _check_decorators(module, [caller.name for caller in callers])
        specs: list[Spec] = []
        for caller in callers:
            if caller.name == _REGISTER:
                specs.extend(checked_specs(_call(module, caller.get_hookimpls()[0].function)))
        observers = tuple(
            Observer(plugin, caller.name, implementation.function, tuple(implementation.argnames))
            for caller in callers
            for implementation in caller.get_hookimpls()
            if caller.name != _REGISTER
        )
    if not specs and not observers:
        raise Fault(f"{module.__name__} registers nothing", f"Implement {_REGISTER} in it.")
    count = Counter((spec.kind, spec.name) for spec in specs)
    return Loaded(tuple(specs), frozenset(key for key, times in count.items() if times > 1), observers)


def _call(module: ModuleType, register: Callable[[], object]) -> object:
    with guarded(f"{_REGISTER} of {module.__name__}"):
        return register()


def _check_names(module: ModuleType, callers: Iterable[pluggy.HookCaller]) -> None:
    for caller in callers:
        if not caller.has_spec():
            known = f"The hooks are {', '.join(_HOOKS)}."
            raise Fault(
                f"{module.__name__} has an unknown hook {caller.name!r}", did_you_mean(caller.name, _HOOKS, known)
            )
        if any(implementation.hookwrapper or implementation.wrapper for implementation in caller.get_hookimpls()):
            raise Fault(f"{caller.name} of {module.__name__} wraps other plugins", "Leave out `wrapper=True`.")


def _check_decorators(module: ModuleType, marked: list[str]) -> None:
    """Without this pluggy passes over a function that nobody marked, and its author wonders why nothing comes of it."""
    for name, value in vars(module).items():
        if name.startswith("instantreact_") and name not in marked and callable(value):
            question = "" if name in _HOOKS else did_you_mean(name, _HOOKS)
            raise Fault(
                f"{name} of {module.__name__} is not marked as a hook", f"Write @hookimpl above it. {question}".strip()
            )
