"""All checks, in the order in which they are made."""

from __future__ import annotations

from instantreact_sdk.registry import Kind
from instantreact_sdk.testing.conformance.check import Check
from instantreact_sdk.testing.conformance.checks import (
    answers,
    batches,
    broken,
    capabilities,
    captioner,
    detector,
    life,
    notifier,
    notifier_failures,
    notifier_parts,
    options,
    places,
    recognizer,
    resources,
    secrets,
    service,
    source,
    source_life,
    source_sound,
)

_FILES = (
    life,
    answers,
    batches,
    detector,
    captioner,
    options,
    secrets,
    places,
    broken,
    service,
    source,
    source_life,
    source_sound,
    recognizer,
    notifier,
    notifier_parts,
    notifier_failures,
    resources,
    capabilities,  # last: they look back at all that was done
)


def every_check() -> tuple[Check, ...]:
    """All checks of all kinds."""
    return tuple(each for file in _FILES for each in vars(file).values() if isinstance(each, Check))


def checks_of(kind: Kind) -> tuple[Check, ...]:
    """The checks of a kind of component."""
    return tuple(each for each in every_check() if kind in each.kinds)
