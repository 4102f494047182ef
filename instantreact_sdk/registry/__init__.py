"""Finding plugins, telling what is wrong with them, and loading the ones that a configuration names."""

from instantreact_sdk.registry.hookspecs import GROUP, hookimpl, hookspec
from instantreact_sdk.registry.specs import (
    Capabilities,
    CaptionerSpec,
    CommandSpec,
    ComponentSpec,
    DetectorSpec,
    Kind,
    NotifierSpec,
    RecognizerSpec,
    SourceSpec,
    Spec,
)

__all__ = [
    "GROUP",
    "Capabilities",
    "CaptionerSpec",
    "CommandSpec",
    "ComponentSpec",
    "DetectorSpec",
    "Kind",
    "NotifierSpec",
    "RecognizerSpec",
    "SourceSpec",
    "Spec",
    "hookimpl",
    "hookspec",
]
