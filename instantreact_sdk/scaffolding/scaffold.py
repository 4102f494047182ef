"""Making a new plugin."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.registry import KINDS, ComponentKind
from instantreact_sdk.scaffolding.kinds import works
from instantreact_sdk.scaffolding.layout import CIS, LICENSES, Ci, License, layout
from instantreact_sdk.scaffolding.names import Names, checked_names
from instantreact_sdk.scaffolding.rendering import render
from instantreact_sdk.scaffolding.steps import demo_steps
from instantreact_sdk.scaffolding.taken import check_free
from instantreact_sdk.scaffolding.window import window
from instantreact_sdk.scaffolding.writing import write_folder
from instantreact_sdk.version import __version__

_PROPRIETARY = "LicenseRef-Proprietary"
_DEV = ("hatchling>=1.27", "instantreact-sdk[demo]", "mypy>=1.14", "pytest>=8.3", "ruff>=0.9")


@dataclass(frozen=True, slots=True)
class Scaffold:
    """A plugin that was made.

    Attributes:
        names: What it is called.
        kinds: What it has.
        author: Who wrote it.
        folder: Where it is.
        files: Its files, as paths in the folder, sorted.
        replaced: Those of them that were there before.
    """

    names: Names
    kinds: tuple[ComponentKind, ...]
    author: str
    folder: Path
    files: tuple[str, ...]
    replaced: tuple[str, ...] = ()


def scaffold(
    name: str,
    kinds: Sequence[ComponentKind],
    path: Path | str = ".",
    *,
    author: str = "",
    license: License = "MIT",  # noqa: A002  (as the command has it)
    ci: Ci = "github",
    force: bool = False,
) -> Scaffold:
    """Make a plugin that works: a package with a small implementation of each kind, its checks, tests, papers and CI.

    It writes into the new folder ``path/instantreact-NAME`` alone, all files at once or none, runs nothing and asks no network.

    Args:
        name: What pipeline files will call it: at most 32 lower-case letters, digits and hyphens, beginning with a letter.
        kinds: What it is to have, at least one.
        path: The folder in which to make its folder.
        author: Whose name stands in ``LICENSE`` and ``pyproject.toml``; left out, the authors of the plugin.
        license: Its licence; ``none`` reserves all rights, and keeps it from being published.
        ci: Where its tests are to run.
        force: Replace the files that a folder of that name has already; what else it holds stays.

    Raises:
        InstantReactError: IR6020 to IR6029: one of these cannot be; nothing was written.
    """
    wanted = _checked_kinds(kinds)
    _check_choice("licence", license, LICENSES)
    _check_choice("CI", ci, CIS)
    names = checked_names(name, wanted)
    folder = _checked_path(Path(path)) / names.distribution
    _check_folder(folder, force=force)
    check_free(names, folder)
    who = _checked_author(author) or f"The authors of {names.distribution}"
    doing = works(wanted)
    facts = {
        "names": names,
        "kinds": [*wanted],
        "works": doing,
        "specs": [f"{kind.capitalize()}Spec" for kind in wanted],
        "needy": any(one["needs"] for one in doing.values()),
        "author": who,
        "license": _PROPRIETARY if license == "none" else license,
        "private": license == "none",
        "ci": ci,
        "requires": _sorted(
            window(__version__), "pydantic>=2.10", *(r for one in doing.values() for r in one["requires"])
        ),
        "dev": _sorted(*_DEV, *(r for one in doing.values() for r in one["dev"])),
        "demo_steps": "\n".join(demo_steps(names, wanted)),
    }
    files = render(layout(names.package, wanted, license=license, ci=ci), facts)
    replaced = write_folder(folder, files)
    return Scaffold(names, wanted, who, folder, tuple(files), replaced)


def _sorted(*requirements: str) -> list[str]:
    return sorted(set(requirements))


def _checked_kinds(kinds: Sequence[ComponentKind]) -> tuple[ComponentKind, ...]:
    """Each once, in the order of a pipeline."""
    if not kinds:
        raise InstantReactError("IR6028", kinds=listed(KINDS))
    for kind in kinds:
        _check_choice("kind of component", kind, KINDS)
    return tuple(kind for kind in KINDS if kind in kinds)


def _check_choice(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise InstantReactError("IR6029", what=what, value=value, known=listed(known))


def _checked_path(path: Path) -> Path:
    if not path.is_dir():
        problem = "it is no folder" if path.exists() else "it does not exist"
        raise InstantReactError("IR6026", path=path, problem=problem)
    if not os.access(path, os.W_OK | os.X_OK):
        raise InstantReactError("IR6026", path=path, problem="you may not write there")
    return path


def _check_folder(folder: Path, *, force: bool) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InstantReactError("IR6026", path=folder, problem="it is there, and is no folder of its own")
    if folder.exists() and not force:
        raise InstantReactError("IR6025", path=folder)


def _checked_author(author: str) -> str:
    """On one line, and of characters that can be seen."""
    line = " ".join(author.split())
    if not line.isprintable():
        raise InstantReactError("IR6027", author=line)
    return line
