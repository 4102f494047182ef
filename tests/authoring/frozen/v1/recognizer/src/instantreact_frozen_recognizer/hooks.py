"""What this plugin offers. It is imported to list plugins, so it names classes and imports nothing heavy."""

from __future__ import annotations

from instantreact_sdk import RecognizerSpec, Spec, hookimpl


@hookimpl
def instantreact_register() -> list[Spec]:
    """All that pipeline files can use of this plugin."""
    return [
        RecognizerSpec(
            name="recognizer",
            summary="A tone of one frequency.",
            factory="instantreact_frozen_recognizer.recognizer:FrozenRecognizerRecognizer",
            options="instantreact_frozen_recognizer.options:FrozenRecognizerRecognizerOptions",
            check="instantreact_frozen_recognizer.checks:recognizer",
        ),
    ]
