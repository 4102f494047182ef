"""Values that must not be shown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, SecretStr

from instantreact_sdk.errors.hiding import hide, hide_password

_TOKEN = re.compile(r"[^\s./\\]{12,}")
"""What stands in the file itself and is no path, no host, no number of a camera."""

_folder: ContextVar[Path] = ContextVar("folder of secret files", default=Path())


@contextmanager
def secrets_beside(folder: Path) -> Iterator[None]:
    """While this lasts, relative ``file:`` paths of secrets start in the folder: that of the pipeline file."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


def _read(value: object) -> object:
    if not isinstance(value, str):
        return value
    kind, _, name = value.partition(":")
    if kind == "env":
        return _hidden(_from_environment(name))
    if kind == "file" and not name.startswith("//"):  # file:///... is a URL, and as such a value
        return _hidden(_from_file(name))
    if _TOKEN.fullmatch(value):
        hide(value)
    hide_password(value)  # the rest may be as harmless as `lobby.mp4`, and errors have to name it
    return value


def _hidden(secret: str) -> str:
    hide(secret)
    return secret


def _from_environment(name: str) -> str:
    if not name:
        raise ValueError("env: lacks the name of a variable, as in env:PAGE_TOKEN")
    text = os.environ.get(name, "").strip()
    if not text:
        raise ValueError(f"the environment variable {name} is {'empty' if name in os.environ else 'not set'}")
    return text


def _from_file(name: str) -> str:
    if not name:
        raise ValueError("file: lacks the path of a file, as in file:page-token.txt")
    path = _folder.get() / Path(name).expanduser()
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"the file {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"the file {path} holds no UTF-8 text") from None
    if not text:
        raise ValueError(f"the file {path} is empty")
    return text


Secret = Annotated[SecretStr, BeforeValidator(_read)]
"""A token, a password, a URL with credentials: shown as ``**********`` everywhere.

In the pipeline file ``env:NAME`` is read from the environment and ``file:PATH`` from a file beside it; the value
itself is had by ``.get_secret_value()``.
"""
