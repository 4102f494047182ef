"""What a new plugin is called, and what it may not be called."""

from __future__ import annotations

import re
from dataclasses import dataclass

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry import ComponentKind
from instantreact_sdk.registry.checking import NAME

_FAMILY = "instantreact-"
_LONGEST = 32  # what the templates write on one line stays within the length that their linter allows
_OURS = frozenset(("apprise", "captioning", "messenger", "opencv", "pocketsphinx", "sounds", "ssd", "wit"))
_WORDS = frozenset(("all", "instantreact", "sdk"))


@dataclass(frozen=True, slots=True)
class Names:
    """All that follows from a plugin's name.

    Attributes:
        name: ``parking-lot``: what pipeline files use.
    """

    name: str

    @property
    def distribution(self) -> str:
        """``instantreact-parking-lot``: what is installed; the folder, too."""
        return f"{_FAMILY}{self.name}"

    @property
    def package(self) -> str:
        """``instantreact_parking_lot``: what is imported."""
        return self.distribution.replace("-", "_")

    @property
    def prefix(self) -> str:
        """``ParkingLot``: what its classes begin with."""
        return "".join(part.capitalize() for part in self.name.split("-"))

    @property
    def variable(self) -> str:
        """``PARKING_LOT``: what its environment variables begin with."""
        return self.name.replace("-", "_").upper()

    def class_of(self, kind: ComponentKind) -> str:
        """``ParkingLotDetector``."""
        return f"{self.prefix}{kind.capitalize()}"


def checked_names(name: str, kinds: tuple[ComponentKind, ...]) -> Names:
    """The names of a new plugin.

    Args:
        name: As it was typed; ``instantreact-`` at its beginning is taken off.
        kinds: What it is to have.

    Raises:
        InstantReactError: IR6020, it is no name; IR6021, it is a path; IR6022, it is reserved.
    """
    if "/" in name or "\\" in name or name in {".", ".."}:
        raise InstantReactError("IR6021", name=name)
    short = name.removeprefix(_FAMILY)
    if problem := _problem(short):
        raise InstantReactError("IR6020", name=name, problem=problem, example=_suggestion(short))
    if reason := _reserved(short, kinds):
        raise InstantReactError("IR6022", name=short, reason=reason)
    return Names(short)


def _problem(name: str) -> str:
    """What is wrong with a name; nothing where it is right."""
    if not name:
        return "it is empty"
    if not NAME.fullmatch(name):
        return "it may hold lower-case letters and digits, with single hyphens between them"
    if not name[0].isalpha():
        return "its classes would begin with a digit"
    if len(name) > _LONGEST:
        return f"it has {len(name)} characters, and {_LONGEST} are the most"
    return ""


def _suggestion(name: str) -> str:
    """The same name with other separators, in lower case, where that makes it right; else just any."""
    near = re.sub(r"[-_. ]+", "-", name.lower()).strip("-")
    return near if near and not _problem(near) else "parking-lot"


def _reserved(name: str, kinds: tuple[ComponentKind, ...]) -> str:
    """Whom a name belongs to already; nothing where it is free."""
    import yaml

    from instantreact_sdk import interfaces

    if name in _WORDS:
        return "it means something to the SDK itself"
    if not isinstance(yaml.safe_load(name), str):
        return "YAML takes it for a value, so that pipeline files could name it in quotes only"
    if name in _OURS:
        return f"{_FAMILY}{name} is a plugin of the project"
    for kind in kinds:
        if (taken := Names(name).class_of(kind)) in interfaces.__all__:
            return f"its {kind} would be called {taken}, as a class of the SDK is"
    return ""
