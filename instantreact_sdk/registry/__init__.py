"""Finding plugins, telling what is wrong with them, and loading the ones that a configuration names."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from instantreact_sdk.registry.specs import (
    KINDS,
    Capabilities,
    CaptionerSpec,
    CommandSpec,
    ComponentKind,
    ComponentSpec,
    DetectorSpec,
    Kind,
    NotifierSpec,
    RecognizerSpec,
    SourceSpec,
    Spec,
)

if TYPE_CHECKING:
    from instantreact_sdk.registry.choice import Choice
    from instantreact_sdk.registry.group import GROUP
    from instantreact_sdk.registry.hookspecs import hookimpl, hookspec
    from instantreact_sdk.registry.loading import Observer
    from instantreact_sdk.registry.observing import tell
    from instantreact_sdk.registry.record import Offer, Record, Status
    from instantreact_sdk.registry.registry import Registry, discover

# Plugins import their specs from here, and must not pay for what finds plugins.
_HOMES = {
    "GROUP": "group",
    "Choice": "choice",
    "Observer": "loading",
    "Offer": "record",
    "Record": "record",
    "Registry": "registry",
    "Status": "record",
    "discover": "registry",
    "hookimpl": "hookspecs",
    "hookspec": "hookspecs",
    "tell": "observing",
}

__all__ = [
    "GROUP",
    "KINDS",
    "Capabilities",
    "CaptionerSpec",
    "Choice",
    "CommandSpec",
    "ComponentKind",
    "ComponentSpec",
    "DetectorSpec",
    "Kind",
    "NotifierSpec",
    "Observer",
    "Offer",
    "RecognizerSpec",
    "Record",
    "Registry",
    "SourceSpec",
    "Spec",
    "Status",
    "discover",
    "hookimpl",
    "hookspec",
    "tell",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
