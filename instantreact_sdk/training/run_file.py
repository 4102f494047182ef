"""What a training was asked to do, kept in its folder so that it can go on without being asked again."""

from __future__ import annotations

import errno
import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.version import __version__

_NAME = "run.json"
_HALF = "run.json.part"
_LOCK = "run.lock"


@dataclass(frozen=True, slots=True)
class Run:
    """One training.

    Attributes:
        component: What is trained, ``ssd/ssd300``.
        data: Address of the dataset, with an absolute path.
        split: Of it, to learn from.
        validation: A split or an address, to choose weights by; ``none`` for nothing.
        options: Those that were set, as JSON has them.
        base: The folder in which relative paths of the options start.
        sdk_version: Of the SDK that began it.
    """

    component: str
    data: str
    split: str
    validation: str
    options: dict[str, Any]
    base: Path
    sdk_version: str = __version__

    def write(self, out: Path) -> None:
        """Into the run's folder, whole or not at all.

        Raises:
            InstantReactError: IR4020, it cannot be written.
        """
        path, half = out / _NAME, out / _HALF
        try:
            out.mkdir(parents=True, exist_ok=True)
            half.write_text(json.dumps(asdict(self), indent=2, default=str) + "\n", encoding="utf-8")
            half.replace(path)
        except OSError as error:
            raise InstantReactError("IR4020", path=path, problem=error.strerror or error) from error

    @classmethod
    def read(cls, out: Path) -> Run:
        """That of a run's folder.

        Raises:
            InstantReactError: IR7016, there is none, or it cannot be read.
        """
        path = out / _NAME
        try:
            return TypeAdapter(cls).validate_json(path.read_bytes())
        except FileNotFoundError:
            raise InstantReactError("IR7016", path=out, problem=f"it has no {_NAME}") from None
        except (OSError, ValidationError) as error:
            words = error.strerror if isinstance(error, OSError) else "it is damaged"
            raise InstantReactError("IR7016", path=out, problem=f"{_NAME}: {words}") from error

    def differences(self, other: Run) -> list[str]:
        """In what another one would not go on with this one; options and versions aside."""
        return [
            f"{each.name} was {getattr(self, each.name)}, and is {getattr(other, each.name)} now"
            for each in fields(self)
            if each.name in {"component", "data", "split", "validation"}
            and getattr(self, each.name) != getattr(other, each.name)
        ]


def must_be_free(out: Path) -> None:
    """Whether a run may begin in a folder: it is not there, or holds nothing but what a run said that did not come to begin.

    Raises:
        InstantReactError: IR7015, it holds something; IR4020, it cannot be looked into.
    """
    try:
        if any(each.name not in {_NAME, _HALF, _LOCK} for each in (out.iterdir() if out.exists() else ())):
            raise InstantReactError("IR7015", path=out)
    except OSError as error:
        raise InstantReactError("IR4020", path=out, problem=error.strerror or error) from error


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """While this lasts, nobody else trains in the folder, which is made where it is missing.

    Raises:
        InstantReactError: IR7025, somebody does; IR4020, the folder cannot be made.
    """
    path = out / _LOCK
    try:
        out.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise InstantReactError("IR4020", path=path, problem=error.strerror or error) from error
    with file:
        # Locks of this kind end with their process, also where it is killed and those that it forked live on for a while.
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EAGAIN}:  # else a file system without locks
                raise InstantReactError("IR7025", path=out) from None
        yield
