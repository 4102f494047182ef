"""What the SDK itself registers keeps the promises that it asks of others."""

from __future__ import annotations

import pytest

from instantreact_sdk.testing import reports


@pytest.mark.parametrize(("name", "at_least"), [("sdk/console", 15), ("sdk/jsonl", 20)])
def test_the_notifiers_of_the_sdk_keep_their_promises(name, at_least):
    (report,) = reports(name)
    assert {result.check: result.message for result in report.failed} == {}
    assert report.passed
    assert report.count("passed") >= at_least  # the others do not apply to them
