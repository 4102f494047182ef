"""Room on a disk as people write it."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

_FORM = re.compile(r"\s*(\d{1,15}(?:\.\d{1,15})?)\s*(kB|MB|GB|TB)?\s*", re.IGNORECASE)
_BYTES = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}


def size(text: object) -> object:
    """Bytes from ``500MB``, ``2GB``, ``1.5TB`` or a plain number of bytes; a kilobyte is 1000 bytes, as disks are sold.

    Raises:
        ValueError: The text is no size.
    """
    if not isinstance(text, str):
        return text
    found = _FORM.fullmatch(text)
    if not found:
        raise ValueError("a size is written like 500MB, 2GB or 1TB")
    return round(float(found[1]) * _BYTES[(found[2] or "").lower()])


Size = Annotated[
    int,
    BeforeValidator(size),
    Field(ge=0),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "string", "pattern": r"^\d+(\.\d+)?\s*([kKmMgGtT][bB])?$"},
            ]
        }
    ),
]
"""Room in bytes; the pipeline file may say ``500MB``, ``2GB``."""
