"""Prints which mutant failed which check: a hook of the root `conftest.py`, the only one that xdist's controller loads."""

from __future__ import annotations

import re


def pytest_terminal_summary(terminalreporter):
    """A table of all mutants that were tried; under xdist only the controller has them all."""
    outcomes = {
        found[1]: outcome
        for outcome in ("passed", "failed", "error")
        for report in terminalreporter.stats.get(outcome, [])
        if (found := re.search(r"test_a_mutant_fails_its_check_alone\[(.+)\]", getattr(report, "nodeid", "")))
    }
    if not outcomes:
        return
    from mutants import everyone

    _, mutants = everyone()
    terminalreporter.section(f"{len(outcomes)} mutants, each with the one check that it has to fail")
    for mutant in mutants:
        if mutant.name in outcomes:
            caught = "caught" if outcomes[mutant.name] == "passed" else "NOT CAUGHT"
            terminalreporter.line(f"{mutant.name:45} {mutant.check:35} {caught}")
