"""What this plugin offers. It is imported to list plugins, so it names classes and imports nothing heavy."""

from __future__ import annotations

from instantreact_sdk import SourceSpec, Spec, hookimpl


@hookimpl
def instantreact_register() -> list[Spec]:
    """All that pipeline files can use of this plugin."""
    return [
        SourceSpec(
            name="source",
            summary="Pictures of a folder, one after the other.",
            factory="instantreact_frozen_source.source:FrozenSourceSource",
            options="instantreact_frozen_source.options:FrozenSourceSourceOptions",
            check="instantreact_frozen_source.checks:source",
        ),
    ]
