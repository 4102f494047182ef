"""What a mutant is."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Mutant:
    """A component that breaks one promise.

    Attributes:
        check: The only check that it fails.
        component: Its class, at the top of a module of this package.
        says: A piece of the message, which names what is wrong.
    """

    check: str
    component: type[Any]
    says: str

    @property
    def name(self) -> str:
        return f"{self.component.__module__.rpartition('.')[2]}-{self.component.__name__}"


def everyone() -> tuple[list[type[Any]], list[Mutant]]:
    """All healthy components, and all mutants."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in ("__init__", "mutant"))
    files = [import_module(f"mutants.{name}") for name in names]
    return [one for file in files for one in file.HEALTHY], [one for file in files for one in file.MUTANTS]
