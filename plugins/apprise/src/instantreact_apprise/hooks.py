"""What this plugin offers; imports nothing heavy."""

from __future__ import annotations

from instantreact_sdk import Capabilities, NotifierSpec, Spec, hookimpl


@hookimpl
def instantreact_register() -> list[Spec]:
    return [
        NotifierSpec(
            name="apprise",
            summary="Any of Apprise's services by its URL: SMS, e-mail, Telegram, ntfy and well over a hundred more.",
            factory="instantreact_apprise.notifier:AppriseNotifier",
            options="instantreact_apprise.options:AppriseOptions",
            check="instantreact_apprise.checks:notifier",
            needs=Capabilities(network=True, sends=("text", "snapshot", "clip")),
        )
    ]
