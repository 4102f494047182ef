"""Reads what a run wrote, also one that was cut short."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a JSONL file, one at a time.

    A file that is not there has none; a line that is not whole, as the last one of an interrupted run, is left out.
    """
    if not path.is_file():
        return
    with path.open("rb") as file:
        for raw in file:
            value = _parsed(raw)
            if isinstance(value, dict):
                yield value


def whole(path: Path) -> dict[str, Any]:
    """A JSON file's object; empty where it is missing or not whole."""
    value = _parsed(path.read_bytes()) if path.is_file() else None
    return value if isinstance(value, dict) else {}


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
