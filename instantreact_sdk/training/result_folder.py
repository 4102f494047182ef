"""Seeing that results can be written, before hours of work for them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile

from instantreact_sdk.errors import InstantReactError


def ready(folder: Path) -> Path:
    """The folder, there and writable.

    Raises:
        InstantReactError: IR4020, it is neither.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InstantReactError("IR4020", path=folder, problem=error.strerror or error) from error
    return folder
