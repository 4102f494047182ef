"""Each check finds the component that breaks its promise, and blames no other check for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from mutants import Mutant, everyone
from zoo import Animal, settle

from instantreact_sdk.testing import Limits, Report, reports
from instantreact_sdk.testing.conformance.catalogue import checks_of, every_check

HEALTHY, MUTANTS = everyone()
LIMITS = Limits(call=3.0, open=20.0)


@pytest.fixture
def checked(tmp_path, monkeypatch) -> Callable[[type | Animal], Report]:
    def checked(component: type | Animal) -> Report:
        if isinstance(component, Animal):
            settle(tmp_path, component)
            monkeypatch.syspath_prepend(tmp_path)
        (report,) = reports(component.plugin if isinstance(component, Animal) else component, limits=LIMITS)
        return report

    return checked


def depend_on(name: str) -> set[str]:
    """The checks that need it, directly or not."""
    found = {name}
    while more := {each.name for each in every_check() if found & set(each.needs)} - found:
        found |= more
    return found - {name}


@pytest.mark.parametrize("component", HEALTHY, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_a_healthy_component_fails_nothing(component, checked):
    report = checked(component)
    assert {result.check: result.message for result in report.failed} == {}
    assert report.passed
    assert report.count("passed") >= 12


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_mutant_fails_its_check_alone(mutant: Mutant, checked):
    report = checked(mutant.component)
    assert [(result.check, result.message) for result in report.failed if result.check != mutant.check] == []
    (failed,) = report.failed
    assert mutant.says in failed.message
    kept_back = {result.check for result in report.results if result.message.startswith("prerequisite")}
    assert kept_back == depend_on(mutant.check) & {check.name for check in checks_of(report.kind)}


def test_every_check_has_a_mutant():
    assert {check.name for check in every_check()} - {mutant.check for mutant in MUTANTS} == set()
    assert len(MUTANTS) >= 60


@pytest.mark.parametrize("kind", ["source", "detector", "captioner", "recognizer", "notifier"])
def test_every_kind_has_at_least_twelve_checks(kind):
    assert len(checks_of(kind)) >= 12


@pytest.mark.parametrize("check", every_check(), ids=lambda one: one.name)
def test_a_check_says_what_why_and_how_to_mend(check):
    assert check.summary.endswith(".")
    _, why, *rest = check.page.split("\n\n")
    assert why.startswith("Why: ")
    assert any(paragraph.startswith("To fix: ") for paragraph in rest)
