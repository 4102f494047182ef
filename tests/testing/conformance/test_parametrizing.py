"""`parametrize_with_checks` makes one pytest test of each check, in a real pytest of a real author."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.testing import parametrize_with_checks
from instantreact_sdk.testing.conformance import pytest_checks
from instantreact_sdk.testing.conformance.session import Session

BLOB = """
from instantreact_sdk import Detections, Detector


class Blob(Detector):
    labels = ("blob",)

    def detect(self, frames):
        print("hello")
        return [Detections.empty() for _ in frames]
"""

TESTS = """
from instantreact_sdk.testing import parametrize_with_checks


@parametrize_with_checks(["./blob.py:Blob"]{more})
def test_conformance(check):
    check()
"""


@pytest.fixture
def ran(tmp_path):
    """Runs the author's tests; gives the exit code and what was printed."""
    (tmp_path / "blob.py").write_text(BLOB)

    def run(more: str = "", *arguments: str) -> tuple[int, str]:
        (tmp_path / "test_blob.py").write_text(TESTS.format(more=more))
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "--rootdir", ".", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240)
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_failing_check_fails_its_test_with_its_page(ran):
    code, printed = ran()
    assert code == 1
    assert re.findall(r"^FAILED .*?\[(.+?)\]", printed, re.MULTILINE) == ["./blob.py:Blob:is-quiet"]
    assert "To fix: " in printed
    assert "PASSED test_blob.py::test_conformance[./blob.py:Blob:answers]" in printed


def test_an_expected_failure_is_an_xfail_with_its_reason(ran):
    code, printed = ran(', expected_failures={"is-quiet": "on purpose"}')
    assert code == 0
    assert re.search(r"XFAIL .*is-quiet\].*on purpose", printed)


def test_an_expected_failure_that_passes_fails(ran):
    code, printed = ran(', expected_failures={"is-quiet": "on purpose", "answers": "it used to"}')
    assert code == 1
    assert "it passes, and was expected to fail: it used to" in printed


def test_a_component_that_does_not_load_is_tried_once(tmp_path, monkeypatch):
    tried = []

    class Counted(Session):
        def __init__(self, target, limits):
            tried.append(target)
            super().__init__(target, limits)

    monkeypatch.setattr(pytest_checks, "Session", Counted)
    monkeypatch.chdir(tmp_path)
    blob = tmp_path / "blob.py"
    blob.write_text(BLOB)
    first, second, *_ = parametrize_with_checks(["./blob.py:Blob"]).args[1]
    blob.write_text("raise ValueError('no')\n")
    for each in (first, second):
        with pytest.raises(InstantReactError, match="IR2011: "):
            each.values[0]()
    assert len(tried) == 1


def test_one_check_can_be_run_alone(ran):
    code, printed = ran("", "-k", "answers-fit")
    assert code == 0
    assert " 1 passed" in printed
