"""Capabilities are judged by what was seen, however far the component got."""

from __future__ import annotations

from pathlib import Path

from mutants.life import Spot
from needs import need

from instantreact_sdk.testing import reports


class Dumps(Spot):
    """It does not swallow that it may not write there."""

    def find(self, image):
        path = Path("/var/tmp/instantreact-dump.bin")
        path.write_bytes(image.tobytes())
        path.unlink()
        return super().find(image)


def test_what_a_component_was_kept_from_is_told_although_it_failed_of_it():
    (report,) = reports(Dumps)
    messages = {result.check: result.message for result in report.results}
    need(messages["answers"], "on this machine files outside cannot be protected")
    assert "Read-only file system" in messages["answers"]
    assert messages["declares-files"] == (
        "it opened /var/tmp/instantreact-dump.bin for writing, and does not declare `files`"
    )
    assert {result.check for result in report.failed} == {"answers", "declares-files"}
    assert messages["declares-network"] == "prerequisite: answers-fit"
