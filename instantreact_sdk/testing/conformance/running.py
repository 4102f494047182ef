"""Checking components from Python."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.registry import ComponentKind
from instantreact_sdk.registry.importing import did_you_mean
from instantreact_sdk.testing.conformance.calls import Limits
from instantreact_sdk.testing.conformance.catalogue import every_check
from instantreact_sdk.testing.conformance.result import ChecksFailed, Report, Result
from instantreact_sdk.testing.conformance.session import Session
from instantreact_sdk.testing.conformance.target import Target, targets

Tell = Callable[[str, Result], None]

What = str | type[Any]
"""A plugin, the distribution that brings it, ``plugin/name``, ``./blob.py:Blob``, or a class at the top of a module."""


def check_source(
    what: What, *, expected_failures: Mapping[str, str] | None = None, limits: Limits | None = None
) -> Report:
    """Check a source: every promise of `FrameSource`, in a sandbox of its own.

    Args:
        what: The class, or what names it.
        expected_failures: Checks that are known to fail, with the reason; one that passes all the same is a failure.
        limits: How long things may take.

    Raises:
        ChecksFailed: A check failed, or it is not checkable; an AssertionError, whose `report` has everything.
        InstantReactError: It cannot be had at all, or IR2044, it stands for no source or for several.
    """
    return _checked("source", what, expected_failures, limits)


def check_detector(
    what: What, *, expected_failures: Mapping[str, str] | None = None, limits: Limits | None = None
) -> Report:
    """Check a detector: every promise of `Detector`. As `check_source`."""
    return _checked("detector", what, expected_failures, limits)


def check_captioner(
    what: What, *, expected_failures: Mapping[str, str] | None = None, limits: Limits | None = None
) -> Report:
    """Check a captioner: every promise of `Captioner`. As `check_source`."""
    return _checked("captioner", what, expected_failures, limits)


def check_recognizer(
    what: What, *, expected_failures: Mapping[str, str] | None = None, limits: Limits | None = None
) -> Report:
    """Check a recognizer: every promise of `AudioRecognizer`. As `check_source`."""
    return _checked("recognizer", what, expected_failures, limits)


def check_notifier(
    what: What, *, expected_failures: Mapping[str, str] | None = None, limits: Limits | None = None
) -> Report:
    """Check a notifier: every promise of `Notifier`. As `check_source`."""
    return _checked("notifier", what, expected_failures, limits)


def reports(
    what: What,
    *,
    base: Path | None = None,
    limits: Limits | None = None,
    expected_failures: Mapping[str, str] | None = None,
    tell: Tell | None = None,
) -> Iterator[Report]:
    """Check everything that someone means, one component after another.

    Args:
        what: The class, or what names it or its plugin.
        base: The folder that local files are relative to; by default the current one.
        limits: How long things may take.
        expected_failures: Checks that are known to fail, with the reason: ``check``, or ``plugin/name:check``.
        tell: Called with the component's name and each result as soon as it is there.

    Raises:
        InstantReactError: IR2001 to IR2013, IR2015, IR2040 to IR2042: it cannot be had; IR2043 or IR2045, an expected failure names no
            check or has no reason.
    """
    found = list(targets(what, base or Path.cwd()))
    must_be_expectable(expected_failures or {}, found)
    for target in found:
        yield report_on(target, limits=limits, expected_failures=expected_failures, tell=tell)


def report_on(
    target: Target,
    *,
    only: Collection[str] = (),
    limits: Limits | None = None,
    expected_failures: Mapping[str, str] | None = None,
    tell: Tell | None = None,
) -> Report:
    """Check one component; as `reports`, with ``only`` the named checks where some are named.

    Raises:
        InstantReactError: As `reports`; IR2043 also where `only` names no check.
    """
    expected = expected_failures or {}
    must_be_checks([*expected, *only])
    with Session(target, limits) as session:
        results = []
        for check in session.checks:
            if only and check.name not in only:
                continue
            result = as_expected(session.result(check.name), session.component, expected)
            results.append(result)
            if tell:
                tell(session.component, result)
        return Report(session.component, session.kind, session.plugin, tuple(results), session.not_checkable)


def must_be_checks(names: Iterable[str]) -> None:
    """See that each names a check: ``check``, or ``plugin/name:check``.

    Raises:
        InstantReactError: IR2043, one does not.
    """
    checks = {check.name for check in every_check()}
    for name in names:
        check = name.rpartition(":")[2]
        if check not in checks:
            fix = did_you_mean(check, checks, "`instantreact-sdk plugins check --list` shows them all.")
            raise InstantReactError("IR2043", name=name, fix=fix)


def must_be_expectable(expected_failures: Mapping[str, str], found: Iterable[Target]) -> None:
    """See that each expected failure names a check, and a component where it names one, and has a reason.

    Raises:
        InstantReactError: IR2043 or IR2045, one does not.
    """
    must_be_checks(expected_failures)
    components = {target.use for target in found}
    for name, reason in expected_failures.items():
        component = name.rpartition(":")[0]
        if component and component not in components:
            fix = did_you_mean(component, components, f"Checked are {listed(sorted(components), 'and')}.")
            raise InstantReactError("IR2043", name=name, fix=fix)
        if not reason.strip():
            raise InstantReactError("IR2045", name=name)


def as_expected(result: Result, component: str, expected: Mapping[str, str]) -> Result:
    """A result in the light of what was expected: strictly, so that a pass against expectation is a failure."""
    reason = expected.get(f"{component}:{result.check}") or expected.get(result.check)
    if reason and result.status == "failed":
        return replace(result, status="expected failure", message=f"{result.message} (expected: {reason})")
    if reason and result.status == "passed":
        return replace(result, status="failed", message=f"it passes, and was expected to fail: {reason}")
    return result


def _checked(
    kind: ComponentKind, what: What, expected_failures: Mapping[str, str] | None, limits: Limits | None
) -> Report:
    name = what if isinstance(what, str) else what.__qualname__
    # Of a local file only its session will tell the kind.
    found = [target for target in targets(what, Path.cwd()) if target.kind in (kind, None)]
    must_be_expectable(expected_failures or {}, found)
    if len(found) != 1:
        raise InstantReactError("IR2044", what=name, kind=kind, number=len(found) or "no")
    report = report_on(found[0], limits=limits, expected_failures=expected_failures)
    if report.kind != kind:
        raise InstantReactError("IR2044", what=name, kind=kind, number="no")
    if not report.passed:
        raise ChecksFailed(report)
    return report
