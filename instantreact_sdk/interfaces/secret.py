"""Values that must not be shown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, SecretStr


def _read(value: object) -> object:
    if isinstance(value, str):
        kind, _, name = value.partition(":")
        if kind == "env" and name:
            if name not in os.environ:
                raise ValueError(f"the environment variable {name} is not set")
            return os.environ[name]
        if kind == "file" and name:
            try:
                return Path(name).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ValueError(f"the file {name} cannot be read ({error.strerror})") from None
    return value


Secret = Annotated[SecretStr, BeforeValidator(_read)]
"""A token, a password, a URL with credentials: shown as ``**********`` everywhere.

In the pipeline file ``env:NAME`` is read from the environment and ``file:PATH`` from a file; the value
itself is had by ``.get_secret_value()``.
"""
