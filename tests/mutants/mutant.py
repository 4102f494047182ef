"""What a mutant is."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from zoo import Animal


@dataclass(frozen=True)
class Mutant:
    """A component that breaks one promise.

    Attributes:
        check: The only check that it fails.
        component: Its class, at the top of a module of this package; or, where only a plugin can break the promise, the plugin
            that brings it.
        says: A piece of the message, which names what is wrong.
    """

    check: str
    component: type[Any] | Animal
    says: str

    @property
    def name(self) -> str:
        if isinstance(self.component, Animal):
            return f"plugin-{self.component.plugin}"
        return f"{self.component.__module__.rpartition('.')[2]}-{self.component.__name__}"


def everyone() -> tuple[list[type[Any]], list[Mutant]]:
    """All healthy components, and all mutants."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in ("__init__", "mutant"))
    files = [import_module(f"mutants.{name}") for name in names]
    return [one for file in files for one in file.HEALTHY], [one for file in files for one in file.MUTANTS]
