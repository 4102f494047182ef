"""The component that is to be trained, evaluated or exported."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.registry import Choice, Registry
from instantreact_sdk.registry.specs import ComponentKind

Aide = Literal["trainer", "exporter"]

_KINDS: dict[Aide, tuple[ComponentKind, ...]] = {"trainer": ("detector",), "exporter": ("detector", "captioner")}
_OF_NO_KIND = {"IR2001", "IR2007"}
"""A plugin registers no component of that kind and name: it may be of another kind."""


def with_aide(registry: Registry, use: str, aide: Aide, base: Path) -> Choice:
    """The component of that name, which names a trainer or an exporter.

    Args:
        registry: The plugins.
        use: ``ssd/ssd300``, as in a pipeline file.
        aide: What is asked of it. Trainers of detectors alone can be asked: only their data can be read yet.
        base: The folder that local files are relative to.

    Raises:
        InstantReactError: IR2001 to IR2013, it is not there or cannot be used; IR7014, it has no such thing.
    """
    choice = _resolved(registry, use, _KINDS[aide], base)
    if getattr(choice.spec, aide, ""):
        return choice
    there = sorted(
        offer.id
        for record in registry.records
        for offer in record.offers
        if getattr(offer, aide) and offer.kind in _KINDS[aide] and not offer.cause
    )
    fix = f"{listed(there, 'and')} {'has' if len(there) == 1 else 'have'} one."
    if not there:
        fix = "No installed plugin brings one."
    raise InstantReactError("IR7014", id=choice.id, aide=aide, fix=fix)


def _resolved(registry: Registry, use: str, kinds: tuple[ComponentKind, ...], base: Path) -> Choice:
    first: InstantReactError | None = None
    for kind in kinds:
        try:
            return registry.resolve(kind, use, base)
        except InstantReactError as error:
            first = first or error
            if error.code not in _OF_NO_KIND:
                break
    assert first
    raise first
