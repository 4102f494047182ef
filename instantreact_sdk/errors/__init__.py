"""Errors with stable codes: each says what went wrong, where, and what to do about it."""

from instantreact_sdk.errors.catalogue import CATALOGUE
from instantreact_sdk.errors.entry import Entry
from instantreact_sdk.errors.error import (
    InstantReactError,
    OutcomeUnknown,
    PermanentError,
    PluginError,
    TransientError,
)

__all__ = [
    "CATALOGUE",
    "Entry",
    "InstantReactError",
    "OutcomeUnknown",
    "PermanentError",
    "PluginError",
    "TransientError",
]
