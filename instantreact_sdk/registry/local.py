"""Components from a file beside the configuration, without packaging: ``use: ./blob.py:Blob``."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from hashlib import blake2s
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry.choice import Choice
from instantreact_sdk.registry.fault import Fault, guarded
from instantreact_sdk.registry.importing import INTERFACES, did_you_mean
from instantreact_sdk.registry.specs import (
    CaptionerSpec,
    ComponentSpec,
    DetectorSpec,
    Kind,
    NotifierSpec,
    RecognizerSpec,
    SourceSpec,
)

_SPECS: dict[Kind, type[ComponentSpec]] = {
    spec.kind: spec for spec in (SourceSpec, DetectorSpec, CaptionerSpec, RecognizerSpec, NotifierSpec)
}


def is_local(use: str) -> bool:
    """Whether it names a file rather than a plugin."""
    return use.startswith(("./", "../", "/")) or ".py:" in use


def local_choice(kind: Kind, use: str, base: Path) -> Choice:
    """The class that `use` names.

    Its options are what the parameter of its constructor is annotated with, where that is an `Options`; its class
    attribute ``stateful`` says whether each source needs an instance of its own.

    Args:
        kind: What it has to be.
        use: File and class, ``./blob.py:Blob``; a relative one is relative to `base`.
        base: The folder of the configuration.

    Raises:
        InstantReactError: IR2009 to IR2013: not of that form, no such file, not importable, no such class, wrong kind.
    """
    from instantreact_sdk import interfaces

    shown, colon, name = use.rpartition(":")
    if not (colon and name.isidentifier()):
        raise InstantReactError("IR2009", use=use)
    path = (base / shown).resolve()
    if not path.is_file():
        raise InstantReactError("IR2010", path=path, use=use, base=base.resolve())
    module = _import(path, shown)
    with _told(shown, f"reading {name}"):
        found = getattr(module, name, None)
    if found is None:
        fix = did_you_mean(name, _classes(module), f"It has {', '.join(_classes(module)) or 'no class at all'}.")
        raise InstantReactError("IR2012", path=shown, name=name, fix=fix)
    interface = INTERFACES[kind]
    if not (inspect.isclass(found) and issubclass(found, getattr(interfaces, interface))):
        raise InstantReactError("IR2013", path=shown, name=name, kind=kind, interface=interface)
    spec = _SPECS[kind](
        name=name,
        summary=inspect.getdoc(found) or name,
        factory=f"{module.__name__}:{name}",
        options=_options(found, shown),
        stateful=bool(getattr(found, "stateful", False)),
    )
    return Choice(use, kind, spec, shown, "Mend the file.")


def _import(path: Path, shown: str) -> ModuleType:
    digest = blake2s(str(path).encode(), digest_size=6).hexdigest()
    name = f"instantreact_local_{digest}_{path.stem}"  # two files called blob.py, or a package blob, must not clash
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InstantReactError("IR2011", path=shown, cause="it is no Python file", fix="Name a file that ends in .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with _told(shown, "running it"), redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[name]
        missing = getattr(error.__cause__ and error.__cause__.__cause__, "name", None)
        if missing and path.with_name(f"{missing}.py").is_file():
            fix = f"A local component is one file: put what it needs of {missing}.py into it, or make a plugin of both."
            cause = f"it imports {missing}.py, which lies beside it"
            raise InstantReactError("IR2011", path=shown, cause=cause, fix=fix) from error
        raise
    return module


@contextmanager
def _told(shown: str, doing: str) -> Iterator[None]:
    """Whatever the file's code raises is the file's fault."""
    try:
        with guarded(doing):
            yield
    except Fault as fault:
        raise InstantReactError("IR2011", path=shown, cause=fault.cause, fix=fault.fix or "Mend the file.") from fault


def _classes(module: ModuleType) -> list[str]:
    return [
        name for name, value in vars(module).items() if inspect.isclass(value) and value.__module__ == module.__name__
    ]


def _options(found: type[Any], shown: str) -> str:
    """Where the options model of a class is, as ``module:Class``."""
    from instantreact_sdk.interfaces import NoOptions, Options

    try:
        with guarded(f"reading the annotations of {found.__name__}"):
            hints = get_type_hints(found.__init__)
    except Fault as fault:
        raise InstantReactError("IR2011", path=shown, cause=fault.cause, fix="Mend the annotations.") from fault
    hints.pop("return", None)
    models = [hint for hint in hints.values() if inspect.isclass(hint) and issubclass(hint, Options)]
    model = models[0] if models else NoOptions
    return f"{model.__module__}:{model.__qualname__}"
