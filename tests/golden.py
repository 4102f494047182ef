"""Files that hold what people read, so that every change of it is seen and meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def same_as_golden(file: Path, text: str) -> None:
    """Compare exactly; under ``make golden``, write the file anew instead.

    Tests that call this have ``golden`` in their name.

    Args:
        file: The golden file, beside the test.
        text: What the program says now.
    """
    if os.environ.get("INSTANTREACT_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8")
        pytest.skip(f"{file.name} is written anew")
    assert text == file.read_text(encoding="utf-8"), "if this change is meant: make golden"
