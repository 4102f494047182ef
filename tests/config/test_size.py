"""Room on a disk as people write it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from instantreact_sdk.config.size import Size

SIZE = TypeAdapter(Size)


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [
        ("2GB", 2 * 10**9),
        ("500MB", 500 * 10**6),
        ("1.5 TB", 1_500 * 10**9),
        ("20kb", 20_000),
        (" 1000 ", 1000),
        (1000, 1000),
        ("0.1GB", 10**8),
    ],
)
def test_a_size_is_a_number_of_bytes(text, bytes_):
    assert SIZE.validate_python(text) == bytes_


@pytest.mark.parametrize("text", ["", "GB", "2 gigabytes", "-1GB", "1e9", "2GiB", -1, 1.5, None, "1" * 400])
def test_anything_else_is_refused(text):
    with pytest.raises(ValidationError):
        SIZE.validate_python(text)
