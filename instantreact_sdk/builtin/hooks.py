"""The plugin ``sdk``."""

from __future__ import annotations

from instantreact_sdk.registry import Capabilities, NotifierSpec, hookimpl


@hookimpl
def instantreact_register() -> list[NotifierSpec]:
    return [
        NotifierSpec(
            name="console",
            summary="Prints one line for each alert.",
            factory="instantreact_sdk.builtin.console:Console",
            check="instantreact_sdk.testing.builtin_cases:console",
        ),
        NotifierSpec(
            name="jsonl",
            summary="Appends each alert as a line of JSON to a file.",
            factory="instantreact_sdk.builtin.jsonl:Jsonl",
            options="instantreact_sdk.builtin.jsonl:JsonlOptions",
            check="instantreact_sdk.testing.builtin_cases:jsonl",
            needs=Capabilities(files=True),
        ),
    ]
