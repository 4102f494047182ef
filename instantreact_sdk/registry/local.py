"""Components from a file beside the configuration, without packaging: ``use: ./blob.py:Blob``."""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from hashlib import blake2s
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.registry.choice import Choice
from instantreact_sdk.registry.fault import Fault, guarded
from instantreact_sdk.registry.importing import INTERFACES, did_you_mean
from instantreact_sdk.registry.specs import (
    Capabilities,
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


def local_choice(kind: Kind | None, use: str, base: Path) -> Choice:
    """The class that `use` names.

    Args:
        kind: What it has to be; None where any kind will do.
        use: File and class, ``./blob.py:Blob``; a relative one is relative to `base`.
        base: The folder of the configuration.

    Raises:
        InstantReactError: IR2009 to IR2013: not of that form, no such file, not importable, no such class, wrong kind.
    """
    path, shown, name = local_file(use, base)
    module = _import(path, shown)
    with _told(shown, f"reading {name}"):
        found = getattr(module, name, None)
    if found is None:
        fix = did_you_mean(name, _classes(module), f"It has {', '.join(_classes(module)) or 'no class at all'}.")
        raise InstantReactError("IR2012", path=shown, name=name, fix=fix)
    return class_choice(kind, found, use, shown)


def local_file(use: str, base: Path) -> tuple[Path, str, str]:
    """The file that `use` names, how the user names it, and the class; nothing is imported.

    Args:
        use: File and class, ``./blob.py:Blob``; a relative one is relative to `base`.
        base: The folder of the configuration.

    Raises:
        InstantReactError: IR2009, it is not of that form; IR2010, there is no such file.
    """
    shown, colon, name = use.rpartition(":")
    if not (colon and name.isidentifier()):
        raise InstantReactError("IR2009", use=use)
    path = (base / shown).resolve()
    if not path.is_file():
        raise InstantReactError("IR2010", path=path, use=use, base=base.resolve())
    return path, shown, name


def class_choice(kind: Kind | None, found: Any, use: str, shown: str) -> Choice:
    """A class as if a plugin had registered it.

    Its options are what the parameter of its constructor is annotated with, where that is an `Options`; its class
    attribute ``stateful`` says whether each source needs an instance of its own, ``needs`` (a `Capabilities`) what it does besides
    computing, and its static method ``check`` is what a spec's ``check`` is.

    Args:
        kind: What it has to be; None where any kind will do.
        found: The class, importable from its module.
        use: How the user names it.
        shown: How the user names the file that it is in.

    Raises:
        InstantReactError: IR2011, its annotations or attributes are not what they should be; IR2013, it is not of that kind.
    """
    kinds = kind_of(found)
    if (kind or kinds) != kinds or kinds is None:
        wanted = [kind] if kind else list(INTERFACES)
        names = listed(f"`instantreact_sdk.{INTERFACES[each]}`" for each in wanted)
        raise InstantReactError(
            "IR2013", path=shown, name=use.rpartition(":")[2], kind=listed(wanted), interfaces=names
        )
    needs = getattr(found, "needs", Capabilities())
    if not isinstance(needs, Capabilities):
        cause = f"{found.__name__}.needs is a {type(needs).__name__}, no Capabilities"
        raise InstantReactError("IR2011", path=shown, cause=cause, fix="Write `needs = Capabilities(network=True)`.")
    target = f"{found.__module__}:{found.__qualname__}"
    spec = _SPECS[kinds](
        name=found.__name__,
        summary=inspect.getdoc(found) or found.__name__,
        factory=target,
        options=_options(found, shown),
        check=f"{target}.check" if hasattr(found, "check") else "",
        stateful=bool(getattr(found, "stateful", False)),
        needs=needs,
    )
    return Choice(use, kinds, spec, shown, "Mend the file.")


def kind_of(found: Any) -> Kind | None:
    """The kind of component that a class makes; None where it is no class, or of no kind."""
    from instantreact_sdk import interfaces

    if not inspect.isclass(found):
        return None
    return next((kind for kind in _SPECS if issubclass(found, getattr(interfaces, INTERFACES[kind]))), None)


def _import(path: Path, shown: str) -> ModuleType:
    digest = blake2s(os.fsencode(path), digest_size=6).hexdigest()
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
