"""What is to be checked, in words that another process understands."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry import Choice, Kind, Registry, discover
from instantreact_sdk.registry.importing import did_you_mean, load_attribute
from instantreact_sdk.registry.local import class_choice, is_local, kind_of, local_choice


@dataclass(frozen=True, slots=True)
class Target:
    """One component to check.

    Attributes:
        use: ``plugin/name``, ``./blob.py:Blob``, or ``package.module:Class`` of a class that can be imported.
        base: The folder that local files are relative to.
        kind: What it is; empty where only looking into the file would tell.
        plugin: The plugin that brings it; empty for a class.
    """

    use: str
    base: str
    kind: Kind | None = None
    plugin: str = ""

    def to_json(self) -> str:
        """As JSON; `from_json` reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Target:
        """The reverse of `to_json`."""
        return cls(**json.loads(text))

    def choice(self) -> Choice:
        """The component itself, found; imports what it names.

        Raises:
            InstantReactError: IR2001 to IR2013, it cannot be had.
        """
        if self.plugin:
            assert self.kind is not None, "a registered component has a kind"
            return discover(probe=False).resolve(self.kind, self.use, Path(self.base))
        if is_local(self.use):
            return local_choice(self.kind, self.use, Path(self.base))
        return class_choice(self.kind, load_attribute(self.use), self.use, self.use.partition(":")[0])


def targets(what: str | type[Any], base: Path) -> Iterator[Target]:
    """All components that someone means.

    Args:
        what: A plugin, the distribution that brings it, ``plugin/name``, ``./blob.py:Blob``, or a class at the top of a module.
        base: The folder that local files are relative to.

    Raises:
        InstantReactError: IR2015, nothing is called so; IR2003 to IR2006, the plugin cannot be used; IR2040, a class that another process
            cannot import; IR2041, the plugin offers no component.
    """
    if isinstance(what, str) and not is_local(what):
        yield from _registered(what, discover())
    else:
        use = what if isinstance(what, str) else _importable(what)
        yield Target(use, str(base.resolve()), None if isinstance(what, str) else kind_of(what))


def _importable(found: type[Any]) -> str:
    """How another process names a class."""
    if not inspect.isclass(found) or "<locals>" in found.__qualname__:
        raise InstantReactError("IR2040", name=getattr(found, "__qualname__", repr(found)))
    if found.__module__ == "__main__":
        return f"{Path(inspect.getfile(found)).resolve()}:{found.__qualname__}"
    return f"{found.__module__}:{found.__qualname__}"


def _registered(name: str, registry: Registry) -> Iterator[Target]:
    plugin, slash, _ = name.partition("/")
    records = [record for record in registry.records if plugin in (record.plugin, record.distribution)]
    known = {each for record in registry.records for each in (record.plugin, record.distribution)}
    known.update(offer.id for record in registry.records for offer in record.offers)
    if not records:
        raise _unknown(name, known)
    for record in records:
        registry.usable(record.plugin)
        offers = [offer for offer in record.offers if offer.kind != "command" and (not slash or offer.id == name)]
        if slash and not offers:
            raise _unknown(name, known)
        if not offers:
            raise InstantReactError("IR2041", plugin=record.title)
        for offer in offers:
            yield Target(offer.id, "", offer.kind, record.plugin)


def _unknown(name: str, known: set[str]) -> InstantReactError:
    return InstantReactError(
        "IR2015", name=name, fix=did_you_mean(name, known, "`instantreact-sdk plugins list` shows them all.")
    )
