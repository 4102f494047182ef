"""What another process calls is known, with how long it may take."""

from __future__ import annotations

import math
import signal
import time

import pytest

from instantreact_sdk.testing import Limits
from instantreact_sdk.testing.conformance.calls import Calls


def test_a_call_that_came_back_is_never_overdue():
    calls = Calls(Limits(call=0.0, open=0.0))
    calls.note("detect", 1)
    assert calls.overdue() == "detect did not return within 0 s"
    calls.note("", 1)
    assert (calls.overdue(), calls.end()) == ("", math.inf)


def test_the_main_work_has_a_limit_of_its_own():
    calls = Calls(Limits(call=10.0, open=60.0))
    before = time.monotonic()
    calls.note("open", 1)
    assert calls.end() - before == pytest.approx(60.0, abs=1.0)
    calls.note("recognize", 2)
    assert calls.end() - before == pytest.approx(10.0, abs=1.0)
    assert calls.overdue() == ""


def test_a_thread_is_blamed_for_its_own_call_alone():
    calls = Calls(Limits(call=0.0, open=60.0))
    calls.note("open", 1)
    calls.note("detect", 2)
    calls.note("", 1)
    assert calls.overdue() == "detect did not return within 0 s"
    assert calls.death(-signal.SIGSEGV) == "detect killed the process (SIGSEGV)"


def test_the_end_of_a_process_that_calls_nothing_is_its_own():
    calls = Calls(Limits())
    calls.note("detect", 1)
    calls.clear()
    assert calls.death(3) == "it ended the process (exit code 3)"
