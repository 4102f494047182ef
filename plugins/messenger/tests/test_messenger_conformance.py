"""The notifier keeps every promise of its interface."""

from __future__ import annotations

from instantreact_sdk.testing import reports


def test_messenger_keeps_its_promises():
    (report,) = reports("messenger/messenger")
    assert {result.check: result.message for result in report.failed} == {}
    assert report.passed
    assert report.count("passed") >= 37  # the others do not apply to it
