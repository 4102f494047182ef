"""What this plugin offers. It is imported to list plugins, so it names classes and imports nothing heavy."""

from __future__ import annotations

from instantreact_sdk import CaptionerSpec, Spec, hookimpl


@hookimpl
def instantreact_register() -> list[Spec]:
    """All that pipeline files can use of this plugin."""
    return [
        CaptionerSpec(
            name="captioner",
            summary="Whether and where something moves, in words.",
            factory="instantreact_frozen_captioner.captioner:FrozenCaptionerCaptioner",
            options="instantreact_frozen_captioner.options:FrozenCaptionerCaptionerOptions",
            check="instantreact_frozen_captioner.checks:captioner",
        ),
    ]
