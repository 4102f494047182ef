"""What the SDK itself registers keeps the promises that it asks of others."""

from __future__ import annotations

import pytest

from instantreact_sdk.testing import parametrize_with_checks, reports


@parametrize_with_checks(["sdk"])
def test_the_sdk_own_notifiers_keep(check):
    check()


@pytest.mark.parametrize(("name", "at_least"), [("sdk/console", 15), ("sdk/jsonl", 20)])
def test_most_checks_apply_to_them(name, at_least):
    (report,) = reports(name)
    assert report.passed
    assert report.count("passed") >= at_least
