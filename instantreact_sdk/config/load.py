"""Reading a pipeline file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_origin

from pydantic import ValidationError

from instantreact_sdk.config.marks import Mark, Place, parse
from instantreact_sdk.config.mistakes import mistakes
from instantreact_sdk.config.pipeline_file import PipelineFile
from instantreact_sdk.config.problem import Problem, refuse
from instantreact_sdk.config.references import misfits
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces.secret import secrets_beside


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pipeline file that is right in itself; whether its plugins are there is `check_components`' business.

    Attributes:
        file: What it says.
        path: As the caller named it.
        base: The folder in which its relative paths start.
        marks: The lines of it all.
    """

    file: PipelineFile
    path: Path
    base: Path
    marks: Mark

    @property
    def store_url(self) -> str:
        """Where events and alerts are kept; it may hold a password. A relative path of SQLite starts in `base`."""
        if self.file.store is None:
            return f"sqlite:///{self.base / 'instantreact.db'}"
        url = self.file.store.get_secret_value()
        scheme, separator, path = url.partition(":///")
        if scheme in ("sqlite", "sqlite+pysqlite") and path and not path.startswith(":"):
            return f"{scheme}{separator}{self.base / path}"
        return url

    def line(self, place: Place) -> int:
        """The line of a place such as ``("rules", "intruder", "when")``, or of the innermost one around it."""
        return self.marks.at(place)

    def problem(self, place: Place, what: str) -> Problem:
        """A mistake at a place of this file."""
        return Problem(str(self.path), self.line(place), place, what)


def load(path: str | Path) -> Loaded:
    """Read and check a pipeline file.

    Raises:
        InstantReactError: IR1001, there is no such file; IR1002, it is no YAML; IR1003, with all that is wrong in it;
            IR1004, it cannot be read.
    """
    path = Path(path)
    return loads(_read(path), path)


def loads(text: str, path: str | Path) -> Loaded:
    """Check a pipeline file's text, as if it stood at the path.

    Raises:
        InstantReactError: IR1002, it is no YAML; IR1003, with all that is wrong in it.
    """
    path = Path(path)
    base = path.parent.resolve()
    data, marks = parse(text, str(path))

    def problems(found: Iterable[tuple[Place, str]]) -> list[Problem]:
        return [Problem(str(path), marks.at(place), place, what) for place, what in found]

    if not isinstance(data, dict):
        raise refuse(problems([((), "a pipeline file is a mapping that begins with `sources:`")]))
    with secrets_beside(base):
        file, found = _validated(data)
        if file is None:
            # What is right is checked further, so that one run tells of all mistakes.
            file, _ = _validated(_without(data, [place for place, _ in found]))
    if file is not None:
        found += misfits(file, _names(data))
    if found:
        raise refuse(problems(found))
    assert file is not None
    return Loaded(file, path, base, marks)


def _validated(data: dict[str, Any]) -> tuple[PipelineFile | None, list[tuple[Place, str]]]:
    try:
        return PipelineFile.model_validate(data), []
    except ValidationError as error:
        return None, list(mistakes(error, PipelineFile, data))


def _without(data: dict[str, Any], places: list[Place]) -> dict[str, Any]:
    """Without the items in which a place lies; without the whole section where its keys are no names."""
    kept = {section: dict(items) if isinstance(items, dict) else items for section, items in data.items()}
    for section, *inner in places:
        items = kept.get(str(section))
        if inner and isinstance(items, dict) and get_origin(PipelineFile.model_fields[str(section)].annotation) is dict:
            items.pop(inner[0], None)
        else:
            kept.pop(str(section), None)
    return kept


def _names(data: dict[str, Any]) -> dict[str, frozenset[str]]:
    return {
        section: frozenset(data[section]) if isinstance(data.get(section), dict) else frozenset()
        for section in PipelineFile.model_fields
    }


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InstantReactError("IR1001", path=path) from None
    except UnicodeDecodeError:
        raise InstantReactError("IR1004", path=path, problem="it holds no UTF-8 text") from None
    except IsADirectoryError:
        raise InstantReactError("IR1004", path=path, problem="it is a folder") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        raise InstantReactError("IR1004", path=path, problem=getattr(error, "strerror", None) or error) from None
