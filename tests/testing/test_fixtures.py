"""The pytest plugin gives every test of an environment the SDK's fixtures, and costs those that use none nothing."""

from __future__ import annotations

import subprocess
import sys


def test_fixtures_are_there_by_themselves(
    instantreact_square, instantreact_clip, instantreact_speech, instantreact_alert
):
    assert (len(instantreact_square), len(instantreact_clip.frames)) == (40, 40)
    assert instantreact_speech.duration == 2.0
    assert instantreact_alert.snapshot.read_bytes()[:2] == b"\xff\xd8"  # a JPEG begins so


def test_the_plugin_imports_nothing_that_a_test_did_not_ask_for():
    code = "import sys, instantreact_sdk.testing.fixtures; print(sorted({'numpy', 'pydantic', 'requests'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
