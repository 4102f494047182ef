"""What this plugin offers; imports nothing heavy."""

from __future__ import annotations

from instantreact_sdk import Capabilities, CommandSpec, NotifierSpec, Spec, hookimpl


@hookimpl
def instantreact_register() -> list[Spec]:
    return [
        NotifierSpec(
            name="messenger",
            summary="Text, snapshot and clip by Facebook Messenger, within 24 hours after the recipient wrote to the Page.",
            factory="instantreact_messenger.notifier:Messenger",
            options="instantreact_messenger.options:MessengerOptions",
            check="instantreact_messenger.checks:messenger",
            needs=Capabilities(network=True, hosts=("graph.facebook.com",), sends=("text", "snapshot", "clip")),
        ),
        CommandSpec(
            name="messenger",
            summary="Make people reachable by Messenger, and see what would stop an alert.",
            app="instantreact_messenger.commands:app",
        ),
    ]
