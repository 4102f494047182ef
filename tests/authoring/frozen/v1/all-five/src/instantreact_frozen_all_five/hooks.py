"""What this plugin offers. It is imported to list plugins, so it names classes and imports nothing heavy."""

from __future__ import annotations

from instantreact_sdk import (
    Capabilities,
    CaptionerSpec,
    DetectorSpec,
    NotifierSpec,
    RecognizerSpec,
    SourceSpec,
    Spec,
    hookimpl,
)


@hookimpl
def instantreact_register() -> list[Spec]:
    """All that pipeline files can use of this plugin."""
    return [
        SourceSpec(
            name="source",
            summary="Pictures of a folder, one after the other.",
            factory="instantreact_frozen_all_five.source:FrozenAllFiveSource",
            options="instantreact_frozen_all_five.options:FrozenAllFiveSourceOptions",
            check="instantreact_frozen_all_five.checks:source",
        ),
        DetectorSpec(
            name="detector",
            summary="Areas of one colour.",
            factory="instantreact_frozen_all_five.detector:FrozenAllFiveDetector",
            options="instantreact_frozen_all_five.options:FrozenAllFiveDetectorOptions",
            check="instantreact_frozen_all_five.checks:detector",
        ),
        CaptionerSpec(
            name="captioner",
            summary="Whether and where something moves, in words.",
            factory="instantreact_frozen_all_five.captioner:FrozenAllFiveCaptioner",
            options="instantreact_frozen_all_five.options:FrozenAllFiveCaptionerOptions",
            check="instantreact_frozen_all_five.checks:captioner",
        ),
        RecognizerSpec(
            name="recognizer",
            summary="A tone of one frequency.",
            factory="instantreact_frozen_all_five.recognizer:FrozenAllFiveRecognizer",
            options="instantreact_frozen_all_five.options:FrozenAllFiveRecognizerOptions",
            check="instantreact_frozen_all_five.checks:recognizer",
        ),
        NotifierSpec(
            name="notifier",
            summary="Posts alerts as JSON to a webhook.",
            factory="instantreact_frozen_all_five.notifier:FrozenAllFiveNotifier",
            options="instantreact_frozen_all_five.options:FrozenAllFiveNotifierOptions",
            check="instantreact_frozen_all_five.checks:notifier",
            needs=Capabilities(network=True, sends=("text", "snapshot")),
        ),
    ]
