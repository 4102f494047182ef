"""What a contributor's machine may lack, and CI may not."""

from __future__ import annotations

import os

import pytest


def need(there: bool, reason: str) -> None:
    """Skip the test where something is missing; fail it in CI.

    Args:
        there: Whether the thing is there.
        reason: What is missing and how to get it.
    """
    if there:
        return
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
