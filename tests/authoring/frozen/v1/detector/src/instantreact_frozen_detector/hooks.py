"""What this plugin offers. It is imported to list plugins, so it names classes and imports nothing heavy."""

from __future__ import annotations

from instantreact_sdk import DetectorSpec, Spec, hookimpl


@hookimpl
def instantreact_register() -> list[Spec]:
    """All that pipeline files can use of this plugin."""
    return [
        DetectorSpec(
            name="detector",
            summary="Areas of one colour.",
            factory="instantreact_frozen_detector.detector:FrozenDetectorDetector",
            options="instantreact_frozen_detector.options:FrozenDetectorDetectorOptions",
            check="instantreact_frozen_detector.checks:detector",
        ),
    ]
