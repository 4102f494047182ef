"""Files that list the pictures of a split, one on each line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from instantreact_sdk.errors import InstantReactError


def read_list(path: Path) -> list[str]:
    """Its lines without those that are empty.

    Raises:
        InstantReactError: IR7005, it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InstantReactError("IR7005", path=path, problem="it is not text in UTF-8") from error
    except OSError as error:
        raise InstantReactError("IR7005", path=path, problem=error.strerror or error) from error
    return [line.strip() for line in lines if line.strip()]


def write_list(path: Path, lines: Iterable[str]) -> None:
    """Write one line for each; its folder is made where it is missing.

    Raises:
        InstantReactError: IR4020, it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise InstantReactError("IR4020", path=path, problem=error.strerror or error) from error
