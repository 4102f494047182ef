"""The detectors keep every promise of their interface."""

from __future__ import annotations

import pytest

from instantreact_sdk.testing import reports


@pytest.mark.timeout(600)  # each imports torch in a process of its own, and opens the detector sixty times
@pytest.mark.parametrize("component", ["ssd/ssd300", "ssd/ssdlite320"])
def test_ssd_keeps_its_promises(component):
    (report,) = reports(component)
    assert {result.check: result.message for result in report.failed} == {}
    assert report.passed
    assert report.count("passed") >= 38  # the others do not apply to it
