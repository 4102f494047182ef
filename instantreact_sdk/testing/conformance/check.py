"""What a check is."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from instantreact_sdk.registry import KINDS, Kind

if TYPE_CHECKING:
    from instantreact_sdk.testing.conformance.trial import Trial


class CheckFailed(Exception):  # noqa: N818  (it never leaves the kit: it becomes a result)
    """The component does not keep a promise; the message says what it did, as a sentence without a full stop."""


class Misfit(CheckFailed):
    """It answered with something of the wrong type or number."""


class Invalid(CheckFailed):
    """It made a value that its type refuses."""


class NotApplicable(Exception):  # noqa: N818  (likewise)
    """There is nothing to check on this component; the message says why."""


@dataclass(frozen=True, slots=True)
class Check:
    """One promise that a component is held to.

    Attributes:
        name: Words and hyphens, ``boxes-stay-inside``.
        kinds: The kinds of component that it holds for.
        needs: Names of checks without which this one would fail for their reasons.
        run: Tries the component; raises `CheckFailed` or `NotApplicable`.
    """

    name: str
    kinds: tuple[Kind, ...]
    needs: tuple[str, ...]
    run: Callable[[Trial], None]

    @property
    def page(self) -> str:
        """Its documentation, Markdown: what is checked, why, and how to mend a component that fails."""
        return inspect.getdoc(self.run) or ""

    @property
    def summary(self) -> str:
        """What is checked, in one line."""
        return self.page.partition("\n")[0]


def check(*kinds: Kind, needs: tuple[str, ...] = ()) -> Callable[[Callable[[Trial], None]], Check]:
    """Make a check of a function, whose name becomes the check's with hyphens, and whose docstring becomes its page.

    Args:
        *kinds: What it holds for; none for all kinds.
        needs: Names of the checks that come first.
    """
    return lambda run: Check(run.__name__.replace("_", "-"), kinds or KINDS, needs, run)
