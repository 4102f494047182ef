"""Writing a folder of files whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from instantreact_sdk.errors import InstantReactError


def write_folder(folder: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    """Write files into a folder, and nothing outside of it.

    They are written beside it first: a folder that is new appears with all of them at once. In one that is there each file is replaced at
    once, and what else it holds stays as it is.

    Args:
        folder: Where to; the one above it has to be there.
        files: Their texts, by path in the folder.

    Returns:
        The files that were there, and were replaced.

    Raises:
        InstantReactError: IR6026, they cannot be written; nothing was then.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            made = Path(beside, folder.name)  # of its own, for the temporary one is closed to others
            for name, text in files.items():
                path = made / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            if not folder.exists():
                made.rename(folder)
                return ()
            return _replace(made, folder, files)
    except OSError as error:
        raise InstantReactError("IR6026", path=folder, problem=_words(error)) from None


def _replace(made: Path, folder: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    there = tuple(name for name in files if (folder / name).exists())
    for name in files:
        _check_place(folder, name)
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).replace(folder / name)
    return there


def _check_place(folder: Path, name: str) -> None:
    """Refuse what cannot be replaced before anything is: a link that leads elsewhere, a folder where a file is to be, a closed folder."""
    path = folder / name
    home = folder.parent.resolve() / folder.name
    if not Path(os.path.realpath(path)).is_relative_to(home):  # which knows links that lead to themselves
        raise OSError(f"{name} leads out of the folder")
    if path.exists() and not path.is_file():
        raise OSError(f"{name} is no file")
    for above in path.relative_to(folder).parents:
        if not os.path.lexists(folder / above):
            continue
        if not (folder / above).is_dir():
            raise OSError(f"{above} is no folder")
        if not os.access(folder / above, os.W_OK | os.X_OK):
            raise OSError(f"you may not write in its folder {above}")


def _words(error: OSError) -> str:
    return error.strerror or str(error)
