"""The cases of what the SDK itself registers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from instantreact_sdk.errors import TransientError
from instantreact_sdk.testing.conformance.case import Case, Failure, Sent

_FAILURES = {"a folder in its place": Failure(TransientError)}


def console(folder: Path) -> Iterator[Case]:  # noqa: ARG001  (it makes no files)
    """Of `sdk/console`, which has nothing to set. Nobody can see whether somebody looks at the terminal."""
    yield Case()


def jsonl(folder: Path) -> Iterator[Case]:
    """Of `sdk/jsonl`: its file stands for the service."""
    path = folder / "told" / "alerts.jsonl"
    yield Case(options={"path": str(path)}, broken=[{"path": str(folder)}], fake=_File(path))


class _File:
    """A file of lines as a service: what is in it was accepted."""

    failures: Mapping[str, Failure] = _FAILURES

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def sent(self) -> Sequence[Sent]:
        if not self._path.exists():
            return ()
        with self._path.open(encoding="utf-8") as lines:
            return [Sent(body=json.loads(line)["text"]) for line in lines]

    @contextmanager
    def failing(self, name: str, after: int = 0) -> Iterator[None]:
        """It has one way to fail."""
        aside = self._path.with_suffix(".aside")
        self._path.rename(aside)
        self._path.mkdir()
        try:
            yield
        finally:
            self._path.rmdir()
            aside.rename(self._path)
