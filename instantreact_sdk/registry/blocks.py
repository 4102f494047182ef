"""The block list: plugins that are never imported, by nobody."""

from __future__ import annotations

import json
from pathlib import Path

from instantreact_sdk.errors import InstantReactError


class BlockList:
    """Names of plugins and of distributions, in a file of the home folder.

    Args:
        home: The SDK's home folder.
    """

    def __init__(self, home: Path) -> None:
        self._file = home / "blocked.json"

    def names(self) -> frozenset[str]:
        """What is blocked.

        Raises:
            InstantReactError: IR2021, the list cannot be read.
        """
        try:
            return frozenset(json.loads(self._file.read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return frozenset()
        except (OSError, RecursionError, TypeError, ValueError) as error:  # to go on would import what someone forbade
            raise InstantReactError("IR2021", path=self._file) from error

    def add(self, name: str) -> None:
        """Block a plugin or a distribution.

        Raises:
            InstantReactError: IR2019, the list cannot be written.
        """
        self._write(self.names() | {name})

    def remove(self, name: str) -> None:
        """Allow it again.

        Raises:
            InstantReactError: IR2016, it is not blocked; IR2019, the list cannot be written.
        """
        names = self.names()
        if name not in names:
            raise InstantReactError("IR2016", name=name, blocked=", ".join(sorted(names)) or "none")
        self._write(names - {name})

    def _write(self, names: frozenset[str]) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft = self._file.with_suffix(".new")
            draft.write_text(json.dumps(sorted(names)), encoding="utf-8")
            draft.replace(self._file)
        except OSError as error:
            raise InstantReactError("IR2019", path=self._file.parent, problem=error.strerror) from error
