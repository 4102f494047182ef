"""Alerts for programs: a file with one JSON object a line."""

from __future__ import annotations

import json
from pathlib import Path

from instantreact_sdk.errors import TransientError
from instantreact_sdk.interfaces import Context, Notifier, Options
from instantreact_sdk.types import Alert, Delivery, Receipt


class JsonlOptions(Options):
    """Options of `Jsonl`."""

    path: Path
    """The file to append to; it and its folders are made where they do not exist."""


class Jsonl(Notifier):
    """Appends each alert to a file.

    The file is opened for each alert, so that one which was rotated away, or removed, is simply made anew.
    """

    def __init__(self, options: JsonlOptions) -> None:
        self._path = options.path

    def open(self, context: Context) -> None:
        """Make sure that the file can be written, before the first alert depends on it.

        Raises:
            TransientError: It cannot.
        """
        self._path = context.base / self._path
        self._append("")

    def notify(self, alert: Alert, delivery: Delivery) -> Receipt:
        """Append the alert.

        Raises:
            TransientError: The file cannot be written: the disk is full, perhaps.
        """
        self._append(json.dumps(alert.line(), ensure_ascii=False) + "\n")
        return Receipt()

    def _append(self, text: str) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            problem = f"{self._path} cannot be written: {error.strerror}."
            raise TransientError(problem, "Free the disk, or choose another `path`.") from error
