"""Copies of picture files."""

from __future__ import annotations

import shutil
from pathlib import Path

from instantreact_sdk.errors import InstantReactError


def copy_picture(path: Path, to: Path) -> None:
    """Copy a file byte for byte; folders are made where they are missing.

    Raises:
        InstantReactError: IR4020, it cannot be written.
    """
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    except OSError as error:
        raise InstantReactError("IR4020", path=to, problem=error.strerror or error) from error
