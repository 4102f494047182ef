"""What every plugin has to keep; `instantreact-sdk plugins check frozen-recognizer` runs the same checks."""

from __future__ import annotations

from collections.abc import Callable

from instantreact_sdk.testing import parametrize_with_checks


@parametrize_with_checks(["frozen-recognizer"])
def test_conformance(check: Callable[[], None]) -> None:
    check()
