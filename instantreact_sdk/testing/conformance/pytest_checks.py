"""One pytest test for each check of each component."""

from __future__ import annotations

import atexit
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.testing.conformance.calls import Limits
from instantreact_sdk.testing.conformance.catalogue import checks_of, every_check
from instantreact_sdk.testing.conformance.result import Result
from instantreact_sdk.testing.conformance.running import What, as_expected, must_be_expectable
from instantreact_sdk.testing.conformance.session import Session
from instantreact_sdk.testing.conformance.target import Target, targets

if TYPE_CHECKING:
    import pytest


def parametrize_with_checks(
    whats: What | Iterable[What], *, expected_failures: Mapping[str, str] | None = None, limits: Limits | None = None
) -> pytest.MarkDecorator:
    """One pytest test for each check of each component, with the check's name in its id.

    Args:
        whats: What to check: plugins (all their components), components, local files, classes.
        expected_failures: Checks that are known to fail, with the reason: ``check``, or ``plugin/name:check``. They are strict: one
            that passes all the same fails the test.
        limits: How long things may take.

    Raises:
        InstantReactError: When pytest collects the tests, as `reports`.

    Example:
        >>> @parametrize_with_checks(["opencv"])
        ... def test_conformance(check):
        ...     check()
    """
    import pytest

    expected = expected_failures or {}
    several = [whats] if isinstance(whats, str | type) else whats
    found = [target for what in several for target in targets(what, Path.cwd())]
    must_be_expectable(expected, found)
    parameters = []
    for target in found:
        kind = target.kind or target.choice().kind
        opened = _Opened(target, limits)
        parameters += [
            pytest.param(_Test(opened, check.name, expected), id=f"{target.use}:{check.name}")
            for check in checks_of(kind)
        ]
    return pytest.mark.parametrize("check", parameters)


class _Opened:
    """A session that begins with its first check, and ends with the process."""

    def __init__(self, target: Target, limits: Limits | None) -> None:
        self._target = target
        self._limits = limits

    @cached_property
    def _session(self) -> Session | InstantReactError:
        try:
            session = Session(self._target, self._limits)
        except (
            InstantReactError
        ) as error:  # kept, too: a component that hangs while it loads would do so for each check
            return error
        atexit.register(session.close)
        return session

    def result(self, name: str, expected: Mapping[str, str]) -> Result:
        if isinstance(self._session, InstantReactError):
            raise self._session
        return as_expected(self._session.result(name), self._session.component, expected)


@dataclass(frozen=True)
class _Test:
    """What a test calls."""

    opened: _Opened
    name: str
    expected: Mapping[str, str]

    def __call__(self) -> None:
        """Make the check: return where it passed, otherwise end the test as pytest does."""
        import pytest

        __tracebackhide__ = True
        result = self.opened.result(self.name, self.expected)
        match result.status:
            case "failed":
                page = next(each.page for each in every_check() if each.name == self.name)
                pytest.fail(f"{result.message}.\n\n{page}", pytrace=False)
            case "expected failure":
                pytest.xfail(result.message)
            case "skipped" | "not enforced":
                pytest.skip(f"{result.status}: {result.message}")
