"""The hooks that a plugin may implement.

``hooks.py`` is imported to learn what a plugin registers, so it stays light: specs name their classes as strings, and
nothing heavy (torch, cv2, requests) is imported there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instantreact_sdk.registry.specs import Spec
    from instantreact_sdk.types import Event, Health

hookspec = pluggy.HookspecMarker("instantreact")
hookimpl = pluggy.HookimplMarker("instantreact")
"""Marks a function of ``hooks.py`` as the implementation of a hook."""


@hookspec
def instantreact_register() -> Iterable[Spec]:  # type: ignore[empty-body]
    """Tell what this plugin offers.

    Returns:
        Specs, each with a name that is unique among the plugin's specs of its kind.
    """


@hookspec
def instantreact_event(event: Event) -> None:
    """Called after an event was written, in the pipeline's process. What it raises becomes a health observation."""


@hookspec
def instantreact_health(health: Health) -> None:
    """Called after a change of health, in the pipeline's process. What it raises is logged."""
