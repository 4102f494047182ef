"""What this plugin offers. It is imported to list plugins, so it names classes and imports nothing heavy."""

from __future__ import annotations

from instantreact_sdk import Capabilities, NotifierSpec, Spec, hookimpl


@hookimpl
def instantreact_register() -> list[Spec]:
    """All that pipeline files can use of this plugin."""
    return [
        NotifierSpec(
            name="notifier",
            summary="Posts alerts as JSON to a webhook.",
            factory="instantreact_frozen_notifier.notifier:FrozenNotifierNotifier",
            options="instantreact_frozen_notifier.options:FrozenNotifierNotifierOptions",
            check="instantreact_frozen_notifier.checks:notifier",
            needs=Capabilities(network=True, sends=("text", "snapshot")),
        ),
    ]
