"""Source and detector keep every promise of their interfaces."""

from __future__ import annotations

from instantreact_sdk.testing import parametrize_with_checks


@parametrize_with_checks(["opencv"])
def test_opencv_keeps_its_promises(check):
    check()
